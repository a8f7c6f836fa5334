import { InklingError } from "@/lib/inference/errors";
import type { Ready } from "@/lib/inference/worker-protocol";
import { getPool } from "./pool";

/**
 * Where the models run, once they are loaded and warm.
 *
 * @param patienceMs - how long to wait for models that are just being loaded
 * @throws `InklingError` with code `model_unavailable` that says what is missing
 */
export async function whenReady(patienceMs: number): Promise<Ready> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stillLoading = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new InklingError("model_unavailable", "The models are still being loaded.", "Ask again in a few seconds."),
      );
    }, patienceMs);
  });
  try {
    return await Promise.race([getPool().ready(), stillLoading]);
  } finally {
    clearTimeout(timer);
  }
}
