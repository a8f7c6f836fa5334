/** What a search has to know of a decoder's vocabulary. */
export interface DecoderVocabulary {
  readonly startToken: number;
  readonly endToken: number;
  readonly unknownToken: number;
  /** Most tokens of what is written, the end token not counted. */
  readonly maxLength: number;
  /** Exponent of the token count that a log-probability is divided by, 0 (no normalisation) to 1 (the mean). */
  readonly lengthPenalty: number;
  /** Whether a token may stand three times in a row; default false. */
  readonly mayStutter?: boolean;
}

/**
 * One call of the decoder. P sources, such as photos or sentences, are still being decoded; B is the largest number of prefixes that
 * one of them has.
 */
export interface DecoderInput {
  /** The P sources' indices among the requests, increasing. */
  readonly sources: readonly number[];
  /** B. */
  readonly beams: number;
  /** [P, B]: each prefix' last token. Unused places repeat the source's first prefix. */
  readonly tokens: Int32Array;
  /** [P, B, S]: each prefix' recurrent state. */
  readonly state: Float32Array;
}

export interface DecoderOutput {
  /** [P, B, V]: natural logarithms, normalised over the whole vocabulary. */
  readonly logProbabilities: Float32Array;
  /** [P, B, S]. */
  readonly nextState: Float32Array;
  /** [P, B, R]: one weight for each of the source's R regions or tokens, sum 1; empty where the decoder does not attend. */
  readonly attention: Float32Array;
}

/** Runs the decoder once. */
export type DecoderStep = (input: DecoderInput) => Promise<DecoderOutput>;

/** What the decoder is to continue for one source. */
export interface Prefixes {
  readonly source: number;
  /** The last token of each. */
  readonly tokens: readonly number[];
  /** Where the state of each lies in the last step's `nextState`. */
  readonly stateRows: readonly number[];
}

/**
 * Lays out the decoder's inputs.
 *
 * @param active - the sources still decoded, each with at least one prefix
 * @param state - [rows, stateSize], `nextState` of the last step
 */
export function layOut(active: readonly Prefixes[], state: Float32Array, stateSize: number): DecoderInput {
  const beams = Math.max(...active.map(({ tokens }) => tokens.length));
  const tokens = new Int32Array(active.length * beams);
  const gathered = new Float32Array(active.length * beams * stateSize);
  active.forEach((prefixes, row) => {
    for (let beam = 0; beam < beams; beam++) {
      const place = beam < prefixes.tokens.length ? beam : 0;
      const from = (prefixes.stateRows[place] as number) * stateSize;
      tokens[row * beams + beam] = prefixes.tokens[place] as number;
      gathered.set(state.subarray(from, from + stateSize), (row * beams + beam) * stateSize);
    }
  });
  return { sources: active.map(({ source }) => source), beams, tokens, state: gathered };
}
