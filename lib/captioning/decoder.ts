/** One call of the decoder. P photos are still being decoded; B is the largest number of prefixes that one of them has. */
export interface DecoderInput {
  /** The P photos' indices among the requests, increasing. */
  readonly photos: readonly number[];
  /** B. */
  readonly beams: number;
  /** [P, B]: each prefix' last token. Unused places repeat the photo's first prefix. */
  readonly tokens: Int32Array;
  /** [P, B, S]: each prefix' recurrent state. */
  readonly state: Float32Array;
}

export interface DecoderOutput {
  /** [P, B, V]: natural logarithms, normalised over the whole vocabulary. */
  readonly logProbabilities: Float32Array;
  /** [P, B, S]. */
  readonly nextState: Float32Array;
  /** [P, B, R]: one weight for each of the photo's R regions, sum 1. */
  readonly attention: Float32Array;
}

/** Runs the decoder once. */
export type DecoderStep = (input: DecoderInput) => Promise<DecoderOutput>;

/** What the decoder is to continue for one photo. */
export interface Prefixes {
  readonly photo: number;
  /** The last token of each. */
  readonly tokens: readonly number[];
  /** Where the state of each lies in the last step's `nextState`. */
  readonly stateRows: readonly number[];
}

/**
 * Lays out the decoder's inputs.
 *
 * @param active - the photos still decoded, each with at least one prefix
 * @param state - [rows, stateSize], `nextState` of the last step
 */
export function layOut(active: readonly Prefixes[], state: Float32Array, stateSize: number): DecoderInput {
  const beams = Math.max(...active.map(({ tokens }) => tokens.length));
  const tokens = new Int32Array(active.length * beams);
  const gathered = new Float32Array(active.length * beams * stateSize);
  active.forEach((prefixes, row) => {
    for (let beam = 0; beam < beams; beam++) {
      const source = beam < prefixes.tokens.length ? beam : 0;
      const from = (prefixes.stateRows[source] as number) * stateSize;
      tokens[row * beams + beam] = prefixes.tokens[source] as number;
      gathered.set(state.subarray(from, from + stateSize), (row * beams + beam) * stateSize);
    }
  });
  return { photos: active.map(({ photo }) => photo), beams, tokens, state: gathered };
}
