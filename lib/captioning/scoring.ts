import type { Hypothesis } from "@/lib/inference/beam-search";
import { type DecoderStep, type DecoderVocabulary, layOut } from "@/lib/inference/decoder";

/** One given caption while it is read. */
interface Reading {
  readonly tokens: readonly number[];
  readonly logProbabilities: number[];
  readonly attention: Float32Array[];
  /** Where the state lies in `state` of the last step. */
  stateRow: number;
}

/**
 * What the decoder makes of captions that are given to it (teacher forcing): as if its own search had found them.
 *
 * @param captions - for each photo any number of captions as token ids, without the end token
 * @param initialState - [photos, S], the decoder's state before the start token
 * @param signal - checked before every step
 * @returns for each photo a hypothesis for each of its captions, in their order
 * @throws the signal's reason when it is aborted
 */
export async function scoreCaptions(
  captions: readonly (readonly (readonly number[])[])[],
  vocabulary: DecoderVocabulary,
  initialState: Float32Array,
  step: DecoderStep,
  signal?: AbortSignal,
): Promise<Hypothesis[][]> {
  const stateSize = initialState.length / captions.length;
  const hypotheses: Hypothesis[][] = captions.map(() => []);
  let active = captions.map((each, photo) => ({
    photo,
    readings: each.map((tokens, caption) => ({
      caption,
      reading: { tokens, logProbabilities: [], attention: [], stateRow: photo } as Reading,
    })),
  }));
  let state = initialState;
  for (let position = 0; ; position++) {
    active = active.filter(({ readings }) => readings.length > 0);
    if (active.length === 0) return hypotheses;
    signal?.throwIfAborted();
    const input = layOut(
      active.map(({ photo, readings }) => ({
        source: photo,
        tokens: readings.map(({ reading }) => reading.tokens[position - 1] ?? vocabulary.startToken),
        stateRows: readings.map(({ reading }) => reading.stateRow),
      })),
      state,
      stateSize,
    );
    const { logProbabilities, nextState, attention } = await step(input);
    const rows = active.length * input.beams;
    const words = logProbabilities.length / rows;
    const regions = attention.length / rows;
    active = active.map(({ photo, readings }, index) => ({
      photo,
      readings: readings.filter(({ caption, reading }, beam) => {
        const row = index * input.beams + beam;
        const token = reading.tokens[position];
        const logProbability = logProbabilities[row * words + (token ?? vocabulary.endToken)] as number;
        if (token === undefined) {
          (hypotheses[photo] as Hypothesis[])[caption] = finish(reading, logProbability, vocabulary.lengthPenalty);
          return false;
        }
        reading.logProbabilities.push(logProbability);
        reading.attention.push(attention.slice(row * regions, (row + 1) * regions));
        reading.stateRow = row;
        return true;
      }),
    }));
    state = nextState;
  }
}

function finish({ tokens, logProbabilities, attention }: Reading, end: number, lengthPenalty: number): Hypothesis {
  const logProbability = logProbabilities.reduce((sum, value) => sum + value, 0) + end;
  return {
    tokens,
    logProbabilities,
    attention,
    logProbability,
    score: logProbability / (tokens.length + 1) ** lengthPenalty,
  };
}
