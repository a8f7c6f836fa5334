import type { Metadata } from "next";
import { env } from "@/lib/env";
import { commonFiles } from "@/lib/inference/manifest";
import { readManifest } from "@/lib/inference/models-directory";
import { KeptList } from "./kept-list";

export const metadata: Metadata = {
  title: "Storage",
  description: "What Inkling keeps on this device, how much room it takes, and how to remove it.",
};

/** The models may be others than when this was built. */
export const dynamic = "force-dynamic";

export default async function StoragePage() {
  const { models } = await readManifest(env.MODELS_DIRECTORY);
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mt-4 text-title">Storage</h1>
      <p className="mt-4 max-w-prose text-ink-soft">
        All of this is on this device alone. Models that are kept run without a network, and need not be downloaded
        again.
      </p>
      <KeptList
        models={Object.entries(models).map(([name, model]) => {
          const common = commonFiles(model);
          return {
            name,
            files: model.files.map((file) => ({
              path: file.path,
              sha256: file.sha256,
              bytes: file.bytes,
              optional: !common.includes(file),
            })),
          };
        })}
      />
    </div>
  );
}
