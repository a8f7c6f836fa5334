import type { Metadata } from "next";
import Link from "next/link";
import { env } from "@/lib/env";
import { readManifest } from "@/lib/inference/models-directory";
import { listDownloads } from "@/lib/ui/run/list-downloads";
import { EXAMPLE } from "./example";
import { Reader } from "./reader";
import { parseShared } from "./settings";

export const metadata: Metadata = {
  title: "Stories",
  description: "Tell a short story, ask about it, and see at which sentences the network looked for the answer.",
};

export default async function StoriesPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const manifest = await readManifest(env.MODELS_DIRECTORY);
  return (
    <div className="page-width">
      <header className="mt-3 mb-6 flex flex-wrap items-baseline gap-x-8 gap-y-2">
        <h1 className="text-title">Stories</h1>
        <p className="max-w-xl text-ink-soft">
          It reads a story of a few plain sentences and looks back at them several times before it answers, as{" "}
          <a href="https://arxiv.org/abs/1503.08895" className="underlined">
            Sukhbaatar et al. (2015)
          </a>{" "}
          describe. It knows a small world of people, places and things:{" "}
          <Link href="/models/stories" prefetch={false} className="underlined">
            its card
          </Link>{" "}
          says where it errs.
        </p>
      </header>
      <Reader
        models={listDownloads(manifest, ["stories"])}
        shared={parseShared(await searchParams)}
        example={EXAMPLE}
      />
    </div>
  );
}
