import { type DecoderOutput, type DecoderStep, layOut } from "./decoder";
import type { Vocabulary } from "./vocabulary";

/** What one photo asks of the search. */
export interface BeamSearchRequest {
  /** Hypotheses kept at each step, at least 1. Width 1 follows the most probable word, and ends where the score is best. */
  readonly beamWidth: number;
  /** Captions to return, best first; at most `beamWidth`. */
  readonly count: number;
}

/** A finished caption as token ids, without the end token. */
export interface Hypothesis {
  readonly tokens: readonly number[];
  /** One natural logarithm for each of `tokens`. */
  readonly logProbabilities: readonly number[];
  /** One [R] for each of `tokens`: where the decoder looked when it chose the token. */
  readonly attention: readonly Float32Array[];
  /** Summed over `tokens` and the end token. */
  readonly logProbability: number;
  /** `logProbability / (tokens.length + 1) ** lengthPenalty`, which the captions are ranked by. */
  readonly score: number;
}

/** A live hypothesis as a linked list, last word first, so that hypotheses share their common beginning. */
interface Live {
  readonly token: number;
  readonly tokenLogProbability: number;
  readonly attention: Float32Array;
  readonly previous: Live | undefined;
  /** Words so far, the start token not counted. */
  readonly length: number;
  readonly logProbability: number;
}

/** One photo's search. */
interface Search {
  readonly photo: number;
  readonly request: BeamSearchRequest;
  /** Best first; all of the same length. */
  live: Live[];
  /** Where each live hypothesis' state lies in `state` of the last step: [live.length]. */
  stateRows: number[];
  /** Best score first, at most `count`. */
  readonly finished: Hypothesis[];
}

/**
 * Beam search over a batch of photos, each with its own width and count.
 *
 * At each step every live hypothesis may end, which sets a caption aside, and the best `beamWidth` continuations of a photo's
 * live hypotheses live on: an ending takes no place from them. A live hypothesis is given up when it can no longer come among
 * the photo's best `count`: a log-probability only falls, so that it scores at most its present log-probability over the longest
 * length. Giving it up gives the same captions as going on. Captions differ from each other, have at least one and at most
 * `maxLength` words, never hold the start or the unknown token, and never a word three times in a row.
 *
 * @param initialState - [photos, S], the decoder's state before the start token
 * @param step - runs the decoder once
 * @param signal - checked before every step
 * @returns for each request its captions, best score first; fewer than `count` only where the vocabulary allows no more
 * @throws the signal's reason when it is aborted
 */
export async function beamSearch(
  requests: readonly BeamSearchRequest[],
  vocabulary: Vocabulary,
  initialState: Float32Array,
  step: DecoderStep,
  signal?: AbortSignal,
): Promise<Hypothesis[][]> {
  const stateSize = initialState.length / requests.length;
  const start: Live = {
    token: vocabulary.startToken,
    tokenLogProbability: 0,
    attention: new Float32Array(0),
    previous: undefined,
    length: 0,
    logProbability: 0,
  };
  const searches: Search[] = requests.map((request, photo) => ({
    photo,
    request,
    live: [start],
    stateRows: [photo],
    finished: [],
  }));
  let active = searches;
  let state = initialState;
  while (active.length > 0) {
    signal?.throwIfAborted();
    const prefixes = active.map(({ photo, live, stateRows }) => ({
      photo,
      tokens: live.map(({ token }) => token),
      stateRows,
    }));
    const input = layOut(prefixes, state, stateSize);
    const output = await step(input);
    active.forEach((search, row) => {
      advance(search, row * input.beams, output, active.length * input.beams, vocabulary);
    });
    state = output.nextState;
    active = active.filter((search) => search.live.length > 0);
  }
  return searches.map((search) => search.finished);
}

/** Moves one photo's search one token on. `firstRow` is its first row in the decoder's output of `rows` rows. */
function advance(search: Search, firstRow: number, output: DecoderOutput, rows: number, vocabulary: Vocabulary): void {
  const { beamWidth, count } = search.request;
  const { logProbabilities, attention } = output;
  const vocabularySize = logProbabilities.length / rows;
  const regions = attention.length / rows;
  const best = new Best(beamWidth);
  search.live.forEach((hypothesis, beam) => {
    const offset = (firstRow + beam) * vocabularySize;
    const row = logProbabilities.subarray(offset, offset + vocabularySize);
    if (hypothesis.length > 0) end(search, hypothesis, row[vocabulary.endToken] as number, vocabulary.lengthPenalty);
    if (hypothesis.length < vocabulary.maxLength) offer(best, beam, hypothesis, row, vocabulary);
  });

  const worst = search.finished.length === count ? (search.finished[count - 1] as Hypothesis).score : -Infinity;
  const live: Live[] = [];
  const stateRows: number[] = [];
  for (let index = 0; index < best.size; index++) {
    const token = best.tokens[index] as number;
    const logProbability = best.values[index] as number;
    // Neither can those that follow, as the best come first, nor would their continuations take a place from others'.
    if (!(logProbability / (vocabulary.maxLength + 1) ** vocabulary.lengthPenalty > worst)) break;
    const beam = best.beams[index] as number;
    const previous = search.live[beam] as Live;
    const row = firstRow + beam;
    live.push({
      token,
      tokenLogProbability: logProbabilities[row * vocabularySize + token] as number,
      attention: attention.slice(row * regions, (row + 1) * regions),
      previous,
      length: previous.length + 1,
      logProbability,
    });
    stateRows.push(row);
  }
  search.live = live;
  search.stateRows = stateRows;
}

/** Offers every word that may continue one hypothesis. */
function offer(best: Best, beam: number, hypothesis: Live, row: Float32Array, vocabulary: Vocabulary): void {
  const { startToken, endToken, unknownToken } = vocabulary;
  const base = hypothesis.logProbability;
  const previous = hypothesis.previous;
  const repeated = hypothesis.length >= 2 && previous?.token === hypothesis.token ? hypothesis.token : -1;
  for (let token = 0; token < row.length; token++) {
    const value = base + (row[token] as number);
    // Nearly every word fails this first comparison, so the search costs one pass over the row.
    if (!(value > best.threshold)) continue;
    if (token === startToken || token === endToken || token === unknownToken || token === repeated) continue;
    best.offer(beam, token, value);
  }
}

/**
 * Sets the caption aside that one hypothesis makes by ending here, if it is among the best `count`. Of equal scores the one
 * found first stays ahead, so that the order is always the same.
 */
function end({ request, finished }: Search, last: Live, endLogProbability: number, lengthPenalty: number): void {
  const logProbability = last.logProbability + endLogProbability;
  const score = logProbability / (last.length + 1) ** lengthPenalty;
  const worst = finished.length === request.count ? (finished.at(-1) as Hypothesis).score : -Infinity;
  if (!(score > worst)) return; // nor where it is NaN
  const tokens: number[] = [];
  const logProbabilities: number[] = [];
  const attention: Float32Array[] = [];
  for (let node = last; node.previous !== undefined; node = node.previous) {
    tokens.push(node.token);
    logProbabilities.push(node.tokenLogProbability);
    attention.push(node.attention);
  }
  const place = finished.findIndex((other) => score > other.score);
  finished.splice(place < 0 ? finished.length : place, 0, {
    tokens: tokens.reverse(),
    logProbabilities: logProbabilities.reverse(),
    attention: attention.reverse(),
    logProbability,
    score,
  });
  if (finished.length > request.count) finished.pop();
}

/** The best `capacity` continuations offered, best first. Beams are narrow, so insertion is faster than a heap. */
class Best {
  readonly beams: Int32Array;
  readonly tokens: Int32Array;
  readonly values: Float64Array;
  size = 0;
  /** What a continuation has to exceed to be kept. NaN and -Infinity never do. */
  threshold = -Infinity;

  constructor(readonly capacity: number) {
    this.beams = new Int32Array(capacity);
    this.tokens = new Int32Array(capacity);
    this.values = new Float64Array(capacity);
  }

  offer(beam: number, token: number, value: number): void {
    if (!(value > this.threshold)) return;
    if (this.size < this.capacity) this.size++;
    let place = this.size - 1;
    for (; place > 0 && value > (this.values[place - 1] as number); place--) {
      this.beams[place] = this.beams[place - 1] as number;
      this.tokens[place] = this.tokens[place - 1] as number;
      this.values[place] = this.values[place - 1] as number;
    }
    this.beams[place] = beam;
    this.tokens[place] = token;
    this.values[place] = value;
    if (this.size === this.capacity) this.threshold = this.values[this.capacity - 1] as number;
  }
}
