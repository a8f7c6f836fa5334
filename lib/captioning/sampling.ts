import { type DecoderStep, type DecoderVocabulary, layOut } from "@/lib/inference/decoder";

/** Samples of one photo that have had the same words so far: the decoder continues them as one. */
interface Prefix {
  readonly tokens: readonly number[];
  /** Indices of the samples. */
  readonly members: readonly number[];
  /** Where the state lies in the last step's `nextState`. */
  readonly stateRow: number;
}

/**
 * Words that the distribution makes less probable than e⁻⁹ of the most probable one are never drawn. Training with label
 * smoothing leaves all the vocabulary about e⁻¹⁰ each: what was drawn there would be any word, and cost most of the time.
 */
const NEGLIGIBLE = 9;

/**
 * Draws captions of each photo from the decoder's distribution.
 *
 * The same seed draws the same samples of a photo, alone or in a batch, on the server and in the browser. At each
 * position they are spread evenly over 0…1 and shuffled (Latin hypercube sampling, McKay et al. 1979): the samples represent
 * the distribution better than as many independent ones, and those that still agree share one row of the decoder's batch.
 *
 * @param photos - how many
 * @param count - samples of each photo
 * @param temperature - above 0; below 1 the probable words become more probable
 * @param seed - chooses the random numbers
 * @param initialState - [photos, S], the decoder's state before the start token
 * @param signal - checked before every step
 * @returns [photos][count] token ids, the end token included where the sample ended by itself
 * @throws the signal's reason when it is aborted
 */
export async function sampleCaptions(
  photos: number,
  { count, temperature, seed }: { readonly count: number; readonly temperature: number; readonly seed: number },
  vocabulary: DecoderVocabulary,
  initialState: Float32Array,
  step: DecoderStep,
  signal?: AbortSignal,
): Promise<number[][][]> {
  const stateSize = initialState.length / photos;
  const random = mulberry32(seed);
  const samples: number[][][] = Array.from({ length: photos }, () => Array.from({ length: count }, () => []));
  const all = Array.from({ length: count }, (_, sample) => sample);
  let active = samples.map((_, photo) => ({
    photo,
    prefixes: [{ tokens: [], members: all, stateRow: photo }] as Prefix[],
  }));
  let state = initialState;
  for (let length = 0; length <= vocabulary.maxLength && active.length > 0; length++) {
    signal?.throwIfAborted();
    const input = layOut(
      active.map(({ photo, prefixes }) => ({
        source: photo,
        tokens: prefixes.map(({ tokens }) => tokens.at(-1) ?? vocabulary.startToken),
        stateRows: prefixes.map(({ stateRow }) => stateRow),
      })),
      state,
      stateSize,
    );
    const { logProbabilities, nextState } = await step(input);
    const size = logProbabilities.length / (active.length * input.beams);
    const points = shuffle(all, random).map((place) => (place + 0.5) / count);
    active = active.map(({ photo, prefixes }, index) => {
      const next = prefixes.flatMap((prefix, beam) => {
        const stateRow = index * input.beams + beam;
        const row = logProbabilities.subarray(stateRow * size, (stateRow + 1) * size);
        return [...draw(row, prefix.members, points, temperature, vocabulary)].map(([token, members]) => ({
          tokens: [...prefix.tokens, token],
          members,
          stateRow,
        }));
      });
      for (const { tokens, members } of next) {
        for (const member of members) (samples[photo] as number[][])[member] = tokens;
      }
      return { photo, prefixes: next.filter(({ tokens }) => tokens.at(-1) !== vocabulary.endToken) };
    });
    active = active.filter(({ prefixes }) => prefixes.length > 0);
    state = nextState;
  }
  return samples;
}

/** Groups the members by the next token that each draws: the one at its point of the cumulative distribution. */
function draw(
  row: Float32Array,
  members: readonly number[],
  points: readonly number[],
  temperature: number,
  { startToken, unknownToken }: DecoderVocabulary,
): Map<number, number[]> {
  let highest = -Infinity;
  for (let token = 0; token < row.length; token++) {
    if ((row[token] as number) > highest && token !== startToken && token !== unknownToken)
      highest = row[token] as number;
  }
  const lowest = highest - NEGLIGIBLE * temperature;
  const tokens: number[] = [];
  const cumulative: number[] = [];
  let total = 0;
  for (let token = 0; token < row.length; token++) {
    const value = row[token] as number;
    if (!(value >= lowest) || token === startToken || token === unknownToken) continue;
    total += Math.exp((value - highest) / temperature);
    tokens.push(token);
    cumulative.push(total);
  }
  const groups = new Map<number, number[]>();
  for (const member of members) {
    const point = (points[member] as number) * total;
    const token = tokens[cumulative.findIndex((sum) => sum > point)] as number;
    const group = groups.get(token);
    if (group) group.push(member);
    else groups.set(token, [member]);
  }
  return groups;
}

/** Fisher and Yates' shuffle of a copy. */
function shuffle(values: readonly number[], random: () => number): number[] {
  const shuffled = [...values];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] as number, shuffled[last] as number];
  }
  return shuffled;
}

/** Tommy Ettinger's Mulberry32: 0 up to 1, the same numbers for the same seed everywhere. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
