import { env } from "@/lib/env";
import { InklingError } from "@/lib/inference/errors";
import type { Manifest, ManifestModel } from "@/lib/inference/manifest";
import { readManifest } from "@/lib/inference/models-directory";
import { PromiseCache } from "@/lib/inference/promise-cache";

const manifests = new PromiseCache<Manifest>();

/**
 * The manifest as it was when it was first read: what the workers have loaded does not change either.
 *
 * @throws `InklingError` with code `model_unavailable`; the next call tries again
 */
export function getManifest(): Promise<Manifest> {
  return manifests.get(env.MODELS_DIRECTORY, () => readManifest(env.MODELS_DIRECTORY));
}

/**
 * The manifest's entry of a model that a route needs.
 *
 * @param name - of the model
 * @param others - that the route needs as well
 * @throws `InklingError` with code `model_unavailable` where there is none of it or of the others
 */
export async function findServed(name: string, ...others: readonly string[]): Promise<ManifestModel> {
  const { models } = await getManifest();
  const missing = [name, ...others].find((each) => !Object.hasOwn(models, each));
  if (missing === undefined) return models[name] as ManifestModel;
  throw new InklingError(
    "model_unavailable",
    `This server has no ${missing} model.`,
    `Restore models/${missing} and its entry in models/manifest.json from the repository.`,
  );
}
