import type { Metadata } from "next";
import Link from "next/link";
import { env } from "@/lib/env";
import { readManifest } from "@/lib/inference/models-directory";
import { listDownloads } from "@/lib/ui/run/list-downloads";
import { Handwriter } from "./handwriter";
import { parseShared, randomSeed } from "./settings";

export const metadata: Metadata = {
  title: "Handwriting",
  description: "A line is written by hand while you type it, stroke by stroke, in one of several hands or your own.",
};

export default async function HandwritingPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const shared = parseShared(await searchParams);
  const manifest = await readManifest(env.MODELS_DIRECTORY);
  return (
    <div className="page-width">
      <header className="mt-3 mb-6 flex flex-wrap items-baseline gap-x-8 gap-y-2 print:hidden">
        <h1 className="text-title">Handwriting</h1>
        <p className="max-w-lg text-ink-soft">
          It moves a pen as people do, one point after the other, in one of several hands or in yours. Where it slips,{" "}
          <Link href="/models/handwriting" prefetch={false} className="underlined">
            its card
          </Link>{" "}
          says how often.
        </p>
      </header>
      <Handwriter
        models={listDownloads(manifest, ["handwriting", "reading"])}
        shared={{ ...shared, seed: shared.seed ?? randomSeed() }}
      />
    </div>
  );
}
