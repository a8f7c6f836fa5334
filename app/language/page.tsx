import type { Metadata } from "next";
import Link from "next/link";
import { env } from "@/lib/env";
import { readManifest } from "@/lib/inference/models-directory";
import { listDownloads } from "@/lib/ui/run/list-downloads";
import { EXAMPLE } from "./example";
import { parseShared } from "./settings";
import { Writer } from "./writer";

export const metadata: Metadata = {
  title: "Language",
  description:
    "Begin a text, and a small recurrent network goes on, character by character: see what surprised it and what its units keep.",
};

export default async function LanguagePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const manifest = await readManifest(env.MODELS_DIRECTORY);
  return (
    <div className="page-width">
      <header className="mt-3 mb-6 flex flex-wrap items-baseline gap-x-8 gap-y-2">
        <h1 className="text-title">Language</h1>
        <p className="max-w-xl text-ink-soft">
          One LSTM layer has read Jane Austen’s novels letter by letter, and foretells the next one, as{" "}
          <a href="https://arxiv.org/abs/1308.0850" className="underlined">
            Graves (2013)
          </a>{" "}
          describes. It spells and punctuates, most of the time, and means nothing by it:{" "}
          <Link href="/models/language" prefetch={false} className="underlined">
            its card
          </Link>{" "}
          says how well it foretells.
        </p>
      </header>
      <Writer
        models={listDownloads(manifest, ["language"])}
        shared={parseShared(await searchParams)}
        example={EXAMPLE}
      />
    </div>
  );
}
