import type { Metadata } from "next";
import Link from "next/link";
import { env } from "@/lib/env";
import { readManifest } from "@/lib/inference/models-directory";
import { findSample, SAMPLES, type Sample } from "@/lib/ui/photo/samples";
import { listDownloads } from "@/lib/ui/run/list-downloads";
import { Captioner } from "./captioner";
import { findExample } from "./examples";
import { parseShared } from "./settings";

export const metadata: Metadata = {
  title: "Captioning",
  description: "A photo becomes a sentence, and each word shows where the model looked.",
};

export default async function CaptioningPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const shared = parseShared(await searchParams);
  const sample = (shared.photo && findSample(shared.photo)) || (SAMPLES[0] as Sample);
  const response = findExample(sample.id, shared);
  const manifest = await readManifest(env.MODELS_DIRECTORY);
  return (
    <div className="page-width">
      <header className="mt-3 mb-6 flex flex-wrap items-baseline gap-x-8 gap-y-2">
        <h1 className="text-title">Captioning</h1>
        <p className="max-w-lg text-ink-soft">
          A photo becomes a sentence, and each word shows where the model looked. It is small and often wrong:{" "}
          <Link href="/models/captioning" prefetch={false} className="underlined">
            its card
          </Link>{" "}
          says where. It can also{" "}
          <Link href="/captioning/live" prefetch={false} className="underlined">
            walk with your camera
          </Link>
          .
        </p>
      </header>
      <Captioner
        sample={sample}
        shared={shared}
        models={listDownloads(manifest, ["vision", "captioning"])}
        example={response && { response, place: "server" }}
      />
    </div>
  );
}
