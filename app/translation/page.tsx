import type { Metadata } from "next";
import Link from "next/link";
import { env } from "@/lib/env";
import { readManifest } from "@/lib/inference/models-directory";
import { listDownloads } from "@/lib/ui/run/list-downloads";
import "@fontsource-variable/literata/wght.css";
import "@fontsource-variable/onest/wght.css";
import { EXAMPLE } from "./example";
import { parseShared } from "./settings";
import { Translator } from "./translator";

export const metadata: Metadata = {
  title: "Translation",
  description: "English into Russian by two recurrent networks, with attention and without, and where the one looked.",
};

export default async function TranslationPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const manifest = await readManifest(env.MODELS_DIRECTORY);
  return (
    <div className="page-width">
      <header className="mt-3 mb-6 flex flex-wrap items-baseline gap-x-8 gap-y-2">
        <h1 className="text-title">Translation</h1>
        <p className="max-w-xl text-ink-soft">
          One network reads English, another writes Russian: once with attention to each word, once from a single vector
          that has to hold the whole sentence. Both have learned from 22,850 pairs of sentences. That is enough for
          short everyday ones with a wrong ending here and there, and too little for long ones and rare words:{" "}
          <Link href="/models/translation" prefetch={false} className="underlined">
            the card
          </Link>{" "}
          has the scores.
        </p>
      </header>
      <Translator
        models={listDownloads(manifest, ["translation"])}
        shared={parseShared(await searchParams)}
        example={EXAMPLE}
      />
    </div>
  );
}
