import type { Metadata } from "next";
import Link from "next/link";
import { env } from "@/lib/env";
import { readManifest } from "@/lib/inference/models-directory";
import { findSample } from "@/lib/ui/photo/samples";
import { listDownloads } from "@/lib/ui/run/list-downloads";
import { findExample } from "../examples";
import { DEFAULT_SETTINGS } from "../settings";
import { type Example, LiveCaptioner } from "./live-captioner";

export const metadata: Metadata = {
  title: "Live captions",
  description: "Walk with your camera, and this device says what it sees, as fast as it can. No picture leaves it.",
};

// The models' folder is read when the page is asked for: another one can be put in its place without a build.
export const dynamic = "force-dynamic";

/** A walk through sample photos. */
const WALK = ["shepherd", "horses", "mountains", "palace", "musicians", "coffee", "cat"];

export default async function LivePage() {
  const manifest = await readManifest(env.MODELS_DIRECTORY);
  const examples = WALK.flatMap((id) => {
    const sample = findSample(id);
    const caption = findExample(id, DEFAULT_SETTINGS)?.captions[0];
    return sample && caption ? [{ sample, caption }] : [];
  });
  return (
    <div className="page-width">
      <header className="mt-3 mb-6 flex flex-wrap items-baseline gap-x-8 gap-y-2">
        <h1 className="text-title">Live</h1>
        <p className="max-w-lg text-ink-soft">
          Walk with your camera, and this device says what it sees, as fast as it can. No picture leaves it. What it
          says is often wrong:{" "}
          <Link href="/models/captioning" prefetch={false} className="underlined">
            its card
          </Link>{" "}
          says where. Photos are captioned with more care{" "}
          <Link href="/captioning" prefetch={false} className="underlined">
            one by one
          </Link>
          .
        </p>
      </header>
      <LiveCaptioner
        models={listDownloads(manifest, ["vision", "captioning"])}
        quickModels={"live" in manifest.models ? listDownloads(manifest, ["live", "captioning"]) : undefined}
        examples={examples as [Example, ...Example[]]}
      />
    </div>
  );
}
