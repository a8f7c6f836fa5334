import type { Vocabulary } from "./vocabulary";

/** What one photo asks of the search. */
export interface BeamSearchRequest {
  /** Hypotheses kept at each step, at least 1. Width 1 is greedy decoding. */
  readonly beamWidth: number;
  /** Captions to return, best first; at most `beamWidth`. */
  readonly count: number;
}

/** One call of the decoder. P photos are still being searched; B is the largest number of live hypotheses that one of them has. */
export interface DecoderInput {
  /** The P photos' indices among the requests, increasing. */
  readonly photos: readonly number[];
  /** B. */
  readonly beams: number;
  /** [P, B]: each hypothesis' last token. Unused places repeat the photo's first hypothesis. */
  readonly tokens: Int32Array;
  /** [P, B, S]: each hypothesis' recurrent state. */
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
 * At each step the best `beamWidth` continuations of a photo's live hypotheses are kept. Those that end are set aside; the
 * others live on. A photo's search stops when no live hypothesis can still come among its best `count`: a log-probability
 * only falls, so a live hypothesis scores at most its present log-probability over the longest length. Stopping there gives
 * the same captions as going on. Captions differ from each other, have at least one and at most `maxLength` words, never
 * hold the start or the unknown token, and never a word three times in a row.
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
  step: (input: DecoderInput) => Promise<DecoderOutput>,
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
    const beams = Math.max(...active.map((search) => search.live.length));
    const input = gather(active, beams, state, stateSize);
    const output = await step(input);
    active.forEach((search, row) => {
      advance(search, row * beams, output, active.length * beams, vocabulary);
    });
    state = output.nextState;
    active = active.filter((search) => search.live.length > 0);
  }
  return searches.map((search) => search.finished);
}

/** Lays out the decoder's inputs for the live hypotheses. */
function gather(active: readonly Search[], beams: number, state: Float32Array, stateSize: number): DecoderInput {
  const tokens = new Int32Array(active.length * beams);
  const gathered = new Float32Array(active.length * beams * stateSize);
  active.forEach((search, row) => {
    for (let beam = 0; beam < beams; beam++) {
      const source = beam < search.live.length ? beam : 0;
      const from = (search.stateRows[source] as number) * stateSize;
      tokens[row * beams + beam] = (search.live[source] as Live).token;
      gathered.set(state.subarray(from, from + stateSize), (row * beams + beam) * stateSize);
    }
  });
  return { photos: active.map((search) => search.photo), beams, tokens, state: gathered };
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
    offer(best, beam, hypothesis, logProbabilities.subarray(offset, offset + vocabularySize), vocabulary);
  });

  const live: Live[] = [];
  const stateRows: number[] = [];
  for (let index = 0; index < best.size; index++) {
    const token = best.tokens[index] as number;
    const logProbability = best.values[index] as number;
    const beam = best.beams[index] as number;
    const previous = search.live[beam] as Live;
    if (token === vocabulary.endToken) {
      insertFinished(search.finished, finish(previous, logProbability, vocabulary.lengthPenalty), count);
      continue;
    }
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
  const worst = search.finished.length === count ? (search.finished[count - 1] as Hypothesis).score : -Infinity;
  const canImprove =
    live[0] !== undefined && live[0].logProbability / (vocabulary.maxLength + 1) ** vocabulary.lengthPenalty > worst;
  search.live = canImprove ? live : [];
  search.stateRows = canImprove ? stateRows : [];
}

/** Offers every allowed continuation of one hypothesis. */
function offer(best: Best, beam: number, hypothesis: Live, row: Float32Array, vocabulary: Vocabulary): void {
  const { startToken, endToken, unknownToken, maxLength } = vocabulary;
  const base = hypothesis.logProbability;
  if (hypothesis.length === maxLength) {
    best.offer(beam, endToken, base + (row[endToken] as number));
    return;
  }
  const previous = hypothesis.previous;
  const repeated = hypothesis.length >= 2 && previous?.token === hypothesis.token ? hypothesis.token : -1;
  for (let token = 0; token < row.length; token++) {
    const value = base + (row[token] as number);
    // Nearly every word fails this first comparison, so the search costs one pass over the row.
    if (!(value > best.threshold)) continue;
    if (token === startToken || token === unknownToken || token === repeated) continue;
    if (token === endToken && hypothesis.length === 0) continue;
    best.offer(beam, token, value);
  }
}

function finish(last: Live, logProbability: number, lengthPenalty: number): Hypothesis {
  const tokens: number[] = [];
  const logProbabilities: number[] = [];
  const attention: Float32Array[] = [];
  for (let node = last; node.previous !== undefined; node = node.previous) {
    tokens.push(node.token);
    logProbabilities.push(node.tokenLogProbability);
    attention.push(node.attention);
  }
  return {
    tokens: tokens.reverse(),
    logProbabilities: logProbabilities.reverse(),
    attention: attention.reverse(),
    logProbability,
    score: logProbability / (last.length + 1) ** lengthPenalty,
  };
}

/** Keeps the best `count`; of equal scores the one found first stays ahead, so that the order is always the same. */
function insertFinished(finished: Hypothesis[], hypothesis: Hypothesis, count: number): void {
  const place = finished.findIndex((other) => hypothesis.score > other.score);
  finished.splice(place < 0 ? finished.length : place, 0, hypothesis);
  if (finished.length > count) finished.pop();
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
