import { InklingError } from "@/lib/inference/errors";
import type { Ready } from "@/lib/inference/worker-protocol";
import { getManifest } from "./manifest";
import { getOwnPool, getPool, SERVED_MODELS } from "./pool";

export interface Readiness extends Ready {
  /** Models that the manifest does not list: the routes that need them answer `model_unavailable`, all others work. */
  readonly missing: readonly string[];
}

/** `scripts/serve.mjs` says here that the server is stopping. */
const shared = globalThis as { inklingIsStopping?: boolean };

/**
 * Where the models run, once they are loaded and warm.
 *
 * @param patienceMs - how long to wait for models that are just being loaded
 * @throws `InklingError` with code `model_unavailable` that says what is wrong with one that the manifest lists, or that the server
 *   is stopping
 */
export async function whenReady(patienceMs: number): Promise<Readiness> {
  if (shared.inklingIsStopping) throw notReady("The server is stopping.", "Ask another one.");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stillLoading = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(notReady("The models are still being loaded.", "Ask again in a few seconds."));
    }, patienceMs);
  });
  try {
    const all = Promise.all([getPool().ready(), getOwnPool().ready()]);
    const [ready] = await Promise.race([all, stillLoading]);
    const { models } = await getManifest();
    return { ...ready, missing: SERVED_MODELS.filter((name) => !Object.hasOwn(models, name)) };
  } finally {
    clearTimeout(timer);
  }
}

function notReady(detail: string, suggestion: string): InklingError {
  return new InklingError("model_unavailable", detail, suggestion);
}
