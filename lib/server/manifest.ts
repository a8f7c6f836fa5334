import { env } from "@/lib/env";
import type { Manifest } from "@/lib/inference/manifest";
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
