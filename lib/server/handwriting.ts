/** Handwriting on the server: the lines of all clients who ask at the same time, written together chunk by chunk. */
import { setMaxListeners } from "node:events";
import { env } from "@/lib/env";
import { ContinuousBatch } from "@/lib/handwriting/batch";
import { CHUNK_POINTS } from "@/lib/handwriting/chunk";
import { toSvg } from "@/lib/handwriting/exports/svg";
import { layOut, layOutDream } from "@/lib/handwriting/layout";
import { DEFAULT_BIAS, DEFAULT_LINE_WIDTH } from "@/lib/handwriting/options";
import { parseStyles, type Styles, styleVector } from "@/lib/handwriting/styles";
import type { Prime, Writing, WritingEvent, WritingOptions } from "@/lib/handwriting/types";
import { type PreparedPrime, writeLayout } from "@/lib/handwriting/writing";
import type { Provider } from "@/lib/inference/engine";
import { readVerified } from "@/lib/inference/models-directory";
import { PromiseCache } from "@/lib/inference/promise-cache";
import { Scheduler } from "@/lib/inference/scheduler";
import { findServed } from "./manifest";
import { countLines, countPoints, observeBatch, observeStages, roundTimings } from "./metrics";
import { getPool } from "./pool";
import { QUEUE_SETTINGS } from "./queue-settings";

export interface WrittenText extends Writing {
  readonly model: { readonly name: string; readonly sha256: string };
  readonly provider: Provider;
  /** Milliseconds. */
  readonly timings: Readonly<Record<"queue" | "read" | "write" | "total", number>>;
}

export interface WriteRequest extends Omit<WritingOptions, "style"> {
  /** Not looked at with `dream`. */
  readonly text: string;
  /** Where it is absent, the first style; with `dream`, nobody's hand. */
  readonly style?: string | null;
}

export interface StylePreview {
  readonly id: string;
  readonly name: string;
  /** An SVG. */
  readonly preview: string;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as {
  inklingHandwriting?: ContinuousBatch;
  inklingPrimes?: Scheduler<Prime, PreparedPrime>;
  inklingPreviews?: PromiseCache<StylePreview[]>;
};

const styles = new PromiseCache<Styles>();

/** Lines that run together for each photo that might: a line's chunk is as much less work. */
const LINES_PER_ITEM = 4;
const PREVIEW = { text: "Inkling", seed: 1 };
const PREVIEW_INK = { strokeWidth: 2.5, color: "currentColor" };

export function getHandwritingBatch(): ContinuousBatch {
  shared.inklingHandwriting ??= new ContinuousBatch({
    maxRows: LINES_PER_ITEM * env.INFERENCE_MAX_BATCH,
    maxWaiting: env.INFERENCE_MAX_QUEUE,
    concurrency: env.INFERENCE_WORKERS,
    async writeChunk(rows, signal) {
      observeBatch("handwriting", rows.length);
      const results = await getPool().runTask("handwriting.chunk", rows, { signal });
      countPoints(rows.length * CHUNK_POINTS);
      return results;
    },
  });
  return shared.inklingHandwriting;
}

/** Ink is read piece by piece: pieces are too unlike in length to run together. */
export function getPrimeScheduler(): Scheduler<Prime, PreparedPrime> {
  shared.inklingPrimes ??= new Scheduler({
    ...QUEUE_SETTINGS,
    maxBatch: 1,
    runBatch: ([prime], signal) => Promise.all([getPool().runTask("handwriting.prepare", prime as Prime, { signal })]),
  });
  return shared.inklingPrimes;
}

/**
 * Writes a text, or lines without one.
 *
 * @param onEvent - takes what is new after each chunk
 * @throws `InklingError` as `layOut` does, `invalid_field` for an unknown style, `model_unavailable`, `overloaded` when too many
 *   lines or primes are waiting, or the signal's reason
 */
export async function writeText(
  { text, dream, style, prime, lineWidth, ...options }: WriteRequest,
  signal: AbortSignal,
  onEvent?: (event: WritingEvent) => void,
): Promise<WrittenText> {
  const startedAt = performance.now();
  const layout = dream === undefined ? layOut(text, lineWidth) : layOutDream(dream);
  const model = await findServed("handwriting");
  const hands = await getStyles();
  const first = dream === undefined ? (hands.styles[0]?.id ?? null) : null;
  const hand = style === undefined ? first : style;
  // Before anything is computed, so that the answer names the styles.
  styleVector(hands, hand);
  const prepared = prime && (await getPrimeScheduler().submit(prime, signal));
  const readAt = performance.now();
  const lines = layout.lines.filter((line) => line !== "").length;
  try {
    const batch = getHandwritingBatch();
    const context = { signal, onEvent };
    const written = await writeLayout(layout, { ...options, style: hand }, prepared?.value, hands, batch, context);
    const { provider } = getPool().where;
    countLines("written", lines);
    countLines("redrawn", written.redraws);
    const finishedAt = performance.now();
    const readQueueMs = prepared?.queueMs ?? 0;
    const milliseconds = {
      queue: readQueueMs + written.queueMs,
      read: readAt - startedAt - readQueueMs,
      write: finishedAt - readAt - written.queueMs,
      total: finishedAt - startedAt,
    };
    observeStages("handwriting", milliseconds);
    return {
      ...written.writing,
      model: { name: "handwriting", sha256: model.sha256 },
      provider,
      timings: roundTimings(milliseconds),
    };
  } catch (thrown) {
    countLines(signal.aborted ? "cancelled" : "failed", lines);
    throw thrown;
  }
}

/**
 * The hands, each with an SVG that it has written; made once.
 *
 * @throws as `writeText` does
 */
export async function getStylePreviews(signal: AbortSignal): Promise<StylePreview[]> {
  const { sha256 } = await findServed("handwriting");
  const hands = await getStyles();
  shared.inklingPreviews ??= new PromiseCache();
  return await shared.inklingPreviews.get(
    sha256,
    (first) => {
      // Each of the lines listens to it.
      setMaxListeners(2 * hands.styles.length, first);
      const previews = hands.styles.map(async ({ id, name }) => {
        const request = { ...PREVIEW, style: id, bias: DEFAULT_BIAS, lineWidth: DEFAULT_LINE_WIDTH };
        return { id, name, preview: toSvg(await writeText(request, first), PREVIEW_INK) };
      });
      return Promise.all(previews);
    },
    signal,
  );
}

function getStyles(): Promise<Styles> {
  return styles.get(env.MODELS_DIRECTORY, async () => {
    const file = await readVerified(env.MODELS_DIRECTORY, "handwriting/styles.json");
    return parseStyles(file.toString("utf8"));
  });
}
