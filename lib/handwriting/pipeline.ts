import type { Engine, LoadOptions, Provider } from "@/lib/inference/engine";
import { nextMessages } from "@/lib/inference/next-messages";
import { ContinuousBatch } from "./batch";
import { createChunkWriter } from "./chunk";
import { layOut, layOutDream } from "./layout";
import type { Styles } from "./styles";
import type { Writing, WritingOptions } from "./types";
import { type PreparedPrime, type WriteContext, writeLayout } from "./writing";

export interface Writer {
  readonly provider: Provider;
  readonly styles: Styles;
  /**
   * Writes a text, or lines without one.
   *
   * @param text - 1 to 500 characters that can be written (`findUnsupported`), on at most 20 lines; not looked at with `dream`
   * @param options - `prime` is what `preparePrime` made of one
   * @param context - `signal` is looked at after each chunk of `CHUNK_POINTS`
   * @throws `InklingError` with code `invalid_field`, `text_too_long` or `unsupported_characters`; `internal` when a run fails; or
   *   the signal's reason
   */
  write(
    text: string,
    options: Omit<WritingOptions, "prime"> & { readonly prime?: PreparedPrime },
    context?: WriteContext,
  ): Promise<Writing>;
}

/** Lines that are written together: as many as a text may have. What is more waits for a place. */
const MAX_ROWS = 32;
/** Milliseconds after which the worker looks whether it has been told to stop. */
const LOOK_UP_MS = 15;

/**
 * Loads the synthesiser for one who writes alone, as the browser's worker does. The server writes lines of all clients together
 * (`lib/server/handwriting.ts`).
 *
 * @example
 * const writer = await createWriter(engine);
 * const options = { seed: 7, style: writer.styles.styles[0].id, bias: 0.8, lineWidth: 40 };
 * const { strokes } = await writer.write("Hello, world", options);
 * strokes[0]; // [[2.31, 0.4], [3.02, 4.18], …]
 *
 * @throws as `Engine.load` does
 */
export async function createWriter(engine: Engine, options?: LoadOptions): Promise<Writer> {
  const chunks = await createChunkWriter(engine, options);
  let lookedUpAt = performance.now();
  const batch = new ContinuousBatch({
    maxRows: MAX_ROWS,
    maxWaiting: Number.POSITIVE_INFINITY,
    concurrency: 1,
    async writeChunk(rows, signal) {
      if (performance.now() - lookedUpAt > LOOK_UP_MS) {
        await nextMessages();
        lookedUpAt = performance.now();
      }
      return await chunks.write(rows, signal);
    },
  });
  return {
    provider: chunks.provider,
    styles: chunks.styles,
    async write(text, { prime, lineWidth, dream, ...rest }, context) {
      const layout = dream === undefined ? layOut(text, lineWidth) : layOutDream(dream);
      return (await writeLayout(layout, rest, prime, chunks.styles, batch, context)).writing;
    },
  };
}
