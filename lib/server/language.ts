/** Texts gone on with on the server: those of all clients who ask at the same time, together, chunk by chunk. */
import { env } from "@/lib/env";
import type { Provider } from "@/lib/inference/engine";
import { readVerified } from "@/lib/inference/models-directory";
import { PromiseCache } from "@/lib/inference/promise-cache";
import { Scheduler } from "@/lib/inference/scheduler";
import { type Characters, parseCharacters } from "@/lib/language/characters";
import type { ChunkResult, ChunkRow } from "@/lib/language/chunk";
import { type Continuation, continueText, type LanguageRequest } from "@/lib/language/pipeline";
import { findServed } from "./manifest";
import { observeBatch, observeStages, roundTimings } from "./metrics";
import { getPool } from "./pool";
import { QUEUE_SETTINGS } from "./queue-settings";

export interface ContinuedText extends Continuation {
  readonly model: { readonly name: string; readonly sha256: string };
  readonly provider: Provider;
  /** Milliseconds. */
  readonly timings: Readonly<Record<"queue" | "write" | "total", number>>;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingLanguage?: Scheduler<ChunkRow, ChunkResult> };

const characters = new PromiseCache<Characters>();

export function getLanguageScheduler(): Scheduler<ChunkRow, ChunkResult> {
  shared.inklingLanguage ??= new Scheduler({
    ...QUEUE_SETTINGS,
    async runBatch(rows, signal) {
      observeBatch("language", rows.length);
      return await getPool().runTask("language.chunk", rows, { signal });
    },
  });
  return shared.inklingLanguage;
}

/**
 * Reads a text and goes on with it. Between two chunks others have their turn.
 *
 * @throws `InklingError` as `lib/language/pipeline` says, `model_unavailable`, `overloaded` when the queue is full, or the
 *   signal's reason
 */
export async function continueOnServer(request: LanguageRequest, signal: AbortSignal): Promise<ContinuedText> {
  const startedAt = performance.now();
  const { sha256 } = await findServed("language");
  let queue = 0;
  const advance = async (row: ChunkRow): Promise<ChunkResult> => {
    const { value, queueMs } = await getLanguageScheduler().submit(row, signal);
    queue += queueMs;
    return value;
  };
  const continued = await continueText(request, await getCharacters(), advance, { signal });
  const { provider } = getPool().where;
  const total = performance.now() - startedAt;
  const milliseconds = { queue, write: total - queue, total };
  observeStages("language", milliseconds);
  return { ...continued, model: { name: "language", sha256 }, provider, timings: roundTimings(milliseconds) };
}

function getCharacters(): Promise<Characters> {
  return characters.get(env.MODELS_DIRECTORY, async () => {
    const file = await readVerified(env.MODELS_DIRECTORY, "language/characters.json");
    return parseCharacters(file.toString("utf8"));
  });
}
