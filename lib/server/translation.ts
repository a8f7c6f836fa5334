/** Translation on the server: texts of all clients who ask at the same time, together. */
import type { Provider } from "@/lib/inference/engine";
import { Scheduler } from "@/lib/inference/scheduler";
import type { TranslationRequest } from "@/lib/translation/options";
import type { Translated } from "@/lib/translation/pipeline";
import { checkText } from "@/lib/translation/text";
import { findServed } from "./manifest";
import { observeBatch, observeStages, roundTimings } from "./metrics";
import { getOwnPool } from "./pool";
import { QUEUE_SETTINGS } from "./queue-settings";

export interface AnsweredTranslation extends Translated {
  readonly model: { readonly name: string; readonly sha256: string };
  readonly provider: Provider;
  /** Milliseconds. */
  readonly timings: Readonly<Record<"queue" | "translate" | "total", number>>;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingTranslation?: Scheduler<TranslationRequest, Translated> };

export function getTranslationScheduler(): Scheduler<TranslationRequest, Translated> {
  shared.inklingTranslation ??= new Scheduler({
    ...QUEUE_SETTINGS,
    async runBatch(requests, signal) {
      observeBatch("translation", requests.length);
      return await getOwnPool().runTask("translation.translate", requests, { signal });
    },
  });
  return shared.inklingTranslation;
}

/**
 * Translates a text.
 *
 * @throws `InklingError` as `checkText` does, with code `model_unavailable`, `overloaded` when the queue is full, or the signal's reason
 */
export async function translateText(request: TranslationRequest, signal: AbortSignal): Promise<AnsweredTranslation> {
  const startedAt = performance.now();
  // Here, so that a text that cannot be translated takes no others of its batch with it.
  checkText(request.text);
  const { sha256 } = await findServed("translation");
  const { value: translated, queueMs } = await getTranslationScheduler().submit(request, signal);
  const { provider } = getOwnPool().where;
  const total = performance.now() - startedAt;
  const milliseconds = { queue: queueMs, translate: total - queueMs, total };
  observeStages("translation", milliseconds);
  return {
    ...translated,
    model: { name: "translation", sha256 },
    provider,
    timings: roundTimings(milliseconds),
  };
}
