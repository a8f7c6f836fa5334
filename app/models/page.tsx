import type { Metadata } from "next";
import Link from "next/link";
import { formatBytes } from "@/lib/ui/format";
import { listModels, totalBytes } from "./model-files";

export const metadata: Metadata = {
  title: "Models",
  description: "What each model was trained on, how well it does, and where it fails.",
};

// The models' folder is read when the page is asked for: another one can be put in its place without a build.
export const dynamic = "force-dynamic";

export default async function ModelsPage() {
  const models = await listModels();
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mt-4 text-title">Models</h1>
      <p className="mt-4 max-w-prose text-ink-soft">
        What each was trained on, how well it does beside published ones, how large it is, and where it fails.
      </p>
      <ul className="mt-10">
        {Object.entries(models).map(([name, model]) => (
          <li key={name} className="border-hairline border-t py-5">
            <h2 className="text-2xl capitalize">
              <Link href={`/models/${name}`} className="underlined decoration-transparent">
                {name}
              </Link>
            </h2>
            <p className="mt-1 text-ink-soft">{model.description}</p>
            <p className="numbers mt-1 text-ink-soft text-note">{formatBytes(totalBytes(model))}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
