/** What can be asked of captioning: apart from the pipeline, so that a page can say it without loading that. */

/** Widest beam that may be asked for. */
export const MAX_BEAM_WIDTH = 10;
/** Beam width when none is asked for. */
export const DEFAULT_BEAM_WIDTH = 4;
/** Captions returned when the count is not said, or `beamWidth` where that is smaller. */
export const DEFAULT_COUNT = 3;

/** For a live picture: a narrow beam, whose other captions say how nearly as good they are. */
export const LIVE_OPTIONS = { beamWidth: 3, count: 3 };

export interface CaptionOptions {
  /** Hypotheses kept at each step, 1 to 10; default 4. */
  readonly beamWidth?: number;
  /** Captions to return, 1 to `beamWidth`; default min(3, `beamWidth`). */
  readonly count?: number;
  /**
   * Whether captions are ranked by how much they agree with samples of the decoder, and not by their probability; default
   * true. The search then keeps six hypotheses more, and the mirrored photo is searched and sampled as well. Takes several
   * times as long as the search alone, and is left out with a beam of one.
   */
  readonly rerank?: boolean;
  /** Whether each word says where the decoder looked; default false. */
  readonly attention?: boolean;
}

/** Whether a photo with these options is re-ranked, and so is to be looked at in the mirror too. */
export function isReranked({ beamWidth = DEFAULT_BEAM_WIDTH, rerank = true }: CaptionOptions): boolean {
  return rerank && beamWidth > 1;
}
