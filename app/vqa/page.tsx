import type { Metadata } from "next";
import Link from "next/link";
import { env } from "@/lib/env";
import { readManifest } from "@/lib/inference/models-directory";
import { findSample, SAMPLES, type Sample } from "@/lib/ui/photo/samples";
import { listDownloads } from "@/lib/ui/run/list-downloads";
import { EXAMPLES, questionsFor } from "./examples";
import { Questioner } from "./questioner";
import { parseShared } from "./settings";

export const metadata: Metadata = {
  title: "Questions",
  description: "Ask about a photo, and see the answers, how probable each is, and where the model looked.",
};

export default async function VqaPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const shared = parseShared(await searchParams);
  const sample = (shared.photo && findSample(shared.photo)) || (SAMPLES[0] as Sample);
  const example = EXAMPLES[sample.id];
  const question = shared.question ?? example?.question ?? "What is in the picture?";
  const manifest = await readManifest(env.MODELS_DIRECTORY);
  return (
    <div className="page-width">
      <header className="mt-3 mb-6 flex flex-wrap items-baseline gap-x-8 gap-y-2">
        <h1 className="text-title">Questions</h1>
        <p className="max-w-lg text-ink-soft">
          It answers while you type, and shows how sure it is and where it looked. It is small and often wrong:{" "}
          <Link href="/models/vqa" prefetch={false} className="underlined">
            its card
          </Link>{" "}
          says where.
        </p>
      </header>
      <Questioner
        models={listDownloads(manifest, ["vision", "vqa"])}
        sample={sample}
        question={question}
        shared={shared}
        example={example && question === example.question ? { response: example.response, place: "server" } : undefined}
        suggestions={Object.fromEntries(Object.entries(EXAMPLES).map(([id, each]) => [id, questionsFor(each)]))}
      />
    </div>
  );
}
