import { type DecoderOutput, type DecoderStep, type DecoderVocabulary, layOut } from "./decoder";

/** What one source, such as a photo or a sentence, asks of the search. */
export interface BeamSearchRequest {
  /** Hypotheses kept at each step, at least 1. Width 1 follows the most probable token, and ends where the score is best. */
  readonly beamWidth: number;
  /** Texts to return, best first; at most `beamWidth`. */
  readonly count: number;
  /** Most tokens, where that is less than the vocabulary's. */
  readonly maxLength?: number;
  /** What the decoder reads first; default the vocabulary's start token. */
  readonly startToken?: number;
}

/** A finished text as token ids, without the end token. */
export interface Hypothesis {
  readonly tokens: readonly number[];
  /** One natural logarithm for each of `tokens`. */
  readonly logProbabilities: readonly number[];
  /** One [R] for each of `tokens`: where the decoder looked when it chose the token. */
  readonly attention: readonly Float32Array[];
  /** Summed over `tokens` and the end token. */
  readonly logProbability: number;
  /** `logProbability / (tokens.length + 1) ** lengthPenalty`, which the texts are ranked by. */
  readonly score: number;
}

/** A live hypothesis as a linked list, last token first, so that hypotheses share their common beginning. */
interface Live {
  readonly token: number;
  readonly tokenLogProbability: number;
  readonly attention: Float32Array;
  readonly previous: Live | undefined;
  /** Tokens so far, the start token not counted. */
  readonly length: number;
  readonly logProbability: number;
}

/** One source's search. */
interface Search {
  readonly source: number;
  readonly request: BeamSearchRequest;
  /** Best first; all of the same length. */
  live: Live[];
  /** Where each live hypothesis' state lies in `state` of the last step: [live.length]. */
  stateRows: number[];
  /** Best score first, at most `count`. */
  readonly finished: Hypothesis[];
}

/**
 * Beam search over a batch of sources, each with its own width and count.
 *
 * At each step every live hypothesis may end, which sets a text aside, and the best `beamWidth` continuations of a source's
 * live hypotheses live on: an ending takes no place from them. A live hypothesis is given up when it can no longer come among
 * the source's best `count`: a log-probability only falls, so that it scores at most its present log-probability over the longest
 * length. Giving it up gives the same texts as going on. Texts differ from each other, have at least one and at most
 * `maxLength` tokens, never hold the start or the unknown token, and never one three times in a row unless the vocabulary lets them.
 *
 * @param initialState - [sources, S], the decoder's state before the start token
 * @param step - runs the decoder once
 * @param signal - checked before every step
 * @returns for each request its texts, best score first; fewer than `count` only where the vocabulary allows no more
 * @throws the signal's reason when it is aborted
 */
export async function beamSearch(
  requests: readonly BeamSearchRequest[],
  vocabulary: DecoderVocabulary,
  initialState: Float32Array,
  step: DecoderStep,
  signal?: AbortSignal,
): Promise<Hypothesis[][]> {
  const stateSize = initialState.length / requests.length;
  const searches: Search[] = requests.map((request, source) => ({
    source,
    request,
    live: [startOf(request, vocabulary)],
    stateRows: [source],
    finished: [],
  }));
  let active = searches;
  let state = initialState;
  while (active.length > 0) {
    signal?.throwIfAborted();
    const prefixes = active.map(({ source, live, stateRows }) => ({
      source,
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

function startOf({ startToken }: BeamSearchRequest, vocabulary: DecoderVocabulary): Live {
  return {
    token: startToken ?? vocabulary.startToken,
    tokenLogProbability: 0,
    attention: new Float32Array(0),
    previous: undefined,
    length: 0,
    logProbability: 0,
  };
}

/** Moves one source's search one token on. `firstRow` is its first row in the decoder's output of `rows` rows. */
function advance(
  search: Search,
  firstRow: number,
  output: DecoderOutput,
  rows: number,
  vocabulary: DecoderVocabulary,
): void {
  const { beamWidth, count } = search.request;
  const maxLength = Math.min(search.request.maxLength ?? Infinity, vocabulary.maxLength);
  const { logProbabilities, attention } = output;
  const vocabularySize = logProbabilities.length / rows;
  const regions = attention.length / rows;
  const best = new Best(beamWidth);
  search.live.forEach((hypothesis, beam) => {
    const offset = (firstRow + beam) * vocabularySize;
    const row = logProbabilities.subarray(offset, offset + vocabularySize);
    if (hypothesis.length > 0) end(search, hypothesis, row[vocabulary.endToken] as number, vocabulary.lengthPenalty);
    if (hypothesis.length < maxLength) offer(best, beam, hypothesis, row, vocabulary);
  });

  const worst = search.finished.length === count ? (search.finished[count - 1] as Hypothesis).score : -Infinity;
  const live: Live[] = [];
  const stateRows: number[] = [];
  for (let index = 0; index < best.size; index++) {
    const token = best.tokens[index] as number;
    const logProbability = best.values[index] as number;
    // Neither can those that follow, as the best come first, nor would their continuations take a place from others'.
    if (!(logProbability / (maxLength + 1) ** vocabulary.lengthPenalty > worst)) break;
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

/** Offers every token that may continue one hypothesis. */
function offer(best: Best, beam: number, hypothesis: Live, row: Float32Array, vocabulary: DecoderVocabulary): void {
  const { startToken, endToken, unknownToken, mayStutter } = vocabulary;
  const base = hypothesis.logProbability;
  const previous = hypothesis.previous;
  const stutters = !mayStutter && hypothesis.length >= 2 && previous?.token === hypothesis.token;
  const repeated = stutters ? hypothesis.token : -1;
  for (let token = 0; token < row.length; token++) {
    const value = base + (row[token] as number);
    // Nearly every token fails this first comparison, so the search costs one pass over the row.
    if (!(value > best.threshold)) continue;
    if (token === startToken || token === endToken || token === unknownToken || token === repeated) continue;
    best.offer(beam, token, value);
  }
}

/**
 * Sets the text aside that one hypothesis makes by ending here, if it is among the best `count`. Of equal scores the one
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
