/** What writes, wherever it runs. */
import type { HandwritingResponse } from "@/app/api/handwriting/schema";

import type { Prime, WritingEvent } from "@/lib/handwriting/types";
import type { LoadedModel } from "@/lib/ui/run/use-device";

/** What is to be written, and how. */
export interface WritingRequest {
  /** Absent where `dream` is there. */
  readonly text?: string;
  /** How many lines to write without a text. */
  readonly dream?: number;
  readonly seed: number;
  /**
   * Id of a style, null for an unprimed hand; undefined for the first of all styles, or with `dream` for an unprimed hand. Ignored
   * with `prime`.
   */
  readonly style: string | null | undefined;
  readonly prime?: Prime;
  readonly bias: number;
  readonly lineWidth: number;
}

/**
 * Writes, handing over ink as it comes.
 *
 * @throws `InklingError`, or the signal's reason
 */
export type Write = (
  request: WritingRequest,
  signal: AbortSignal,
  onEvent: (event: WritingEvent) => void,
) => Promise<HandwritingResponse>;

/** A writer in a worker of this page. */
export interface LoadedWriter extends LoadedModel {
  readonly write: Write;
}
