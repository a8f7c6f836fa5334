import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BeamSearchRequest, beamSearch } from "./beam-search";
import type { DecoderInput, DecoderOutput } from "./decoder";
import {
  decoder,
  distribution,
  END,
  nextHash,
  type PrefixVocabulary,
  REGIONS,
  START,
  UNKNOWN,
  vocabularyOf,
} from "./fixtures/prefix-decoder";

/** Every caption that the rules allow, by enumeration, best score first. */
function enumerate(seed: number, vocabulary: PrefixVocabulary) {
  const size = vocabulary.words.length;
  const found: { tokens: number[]; logProbability: number; score: number }[] = [];
  const visit = (tokens: number[], hash: number, last: number, total: number) => {
    const state = nextHash(hash, last);
    const row = distribution(seed, state, size);
    if (tokens.length > 0) {
      const logProbability = total + (row[END] as number);
      const score = logProbability / (tokens.length + 1) ** vocabulary.lengthPenalty;
      found.push({ tokens, logProbability, score });
    }
    if (tokens.length === vocabulary.maxLength) return;
    for (let token = UNKNOWN + 1; token < size; token++) {
      if (tokens.at(-1) === token && tokens.at(-2) === token) continue;
      visit([...tokens, token], state, token, total + (row[token] as number));
    }
  };
  visit([], 0, START, 0);
  return found.sort((a, b) => b.score - a.score);
}

/** The same pruning written plainly: sort everything, never stop early. */
function plainBeamSearch(seed: number, vocabulary: PrefixVocabulary, { beamWidth, count }: BeamSearchRequest) {
  const size = vocabulary.words.length;
  let live = [{ tokens: [] as number[], hash: 0, last: START, total: 0 }];
  const finished: { tokens: number[]; logProbability: number; score: number }[] = [];
  while (live.length > 0) {
    const continuations = live.flatMap(({ tokens, hash, last, total }) => {
      const state = nextHash(hash, last);
      const row = distribution(seed, state, size);
      return Array.from(row, (value, token) => ({ tokens, hash: state, last: token, total: total + value })).filter(
        ({ last: token }) => {
          if (token === START || token === UNKNOWN) return false;
          if (token === END) return tokens.length > 0;
          if (tokens.length === vocabulary.maxLength) return false;
          return !(tokens.at(-1) === token && tokens.at(-2) === token);
        },
      );
    });
    for (const { tokens, last, total } of continuations) {
      if (last !== END) continue;
      const score = total / (tokens.length + 1) ** vocabulary.lengthPenalty;
      finished.push({ tokens, logProbability: total, score });
    }
    live = continuations
      .filter(({ last }) => last !== END)
      .sort((a, b) => b.total - a.total)
      .slice(0, beamWidth)
      .map((hypothesis) => ({ ...hypothesis, tokens: [...hypothesis.tokens, hypothesis.last] }));
  }
  return finished.sort((a, b) => b.score - a.score).slice(0, count);
}

const seedArbitrary = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const penaltyArbitrary = fc.constantFrom(0, 0.3, 0.7, 1);

describe("beamSearch", () => {
  it("finds the best captions of all when the beam holds every hypothesis", async () => {
    await fc.assert(
      fc.asyncProperty(seedArbitrary, penaltyArbitrary, async (seed, lengthPenalty) => {
        const vocabulary = vocabularyOf(3, 4, lengthPenalty);
        const expected = enumerate(seed, vocabulary);
        const { step } = decoder([seed], vocabulary.words.length);
        const [found] = await beamSearch([{ beamWidth: 200, count: 12 }], vocabulary, new Float32Array(1), step);
        expect(found?.map(({ tokens }) => tokens)).toEqual(expected.slice(0, 12).map(({ tokens }) => tokens));
        found?.forEach((caption, index) => {
          expect(caption.logProbability).toBeCloseTo(expected[index]?.logProbability as number, 9);
          expect(caption.score).toBeCloseTo(expected[index]?.score as number, 9);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("agrees with the plain algorithm that never stops early, for each source of a batch", async () => {
    const request = fc
      .integer({ min: 1, max: 10 })
      .chain((beamWidth) =>
        fc.record({ beamWidth: fc.constant(beamWidth), count: fc.integer({ min: 1, max: beamWidth }) }),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ seed: seedArbitrary, request }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 1, max: 8 }),
        penaltyArbitrary,
        async (sources, words, maxLength, lengthPenalty) => {
          const vocabulary = vocabularyOf(words, maxLength, lengthPenalty);
          const { step } = decoder(
            sources.map(({ seed }) => seed),
            vocabulary.words.length,
          );
          const found = await beamSearch(
            sources.map((source) => source.request),
            vocabulary,
            new Float32Array(sources.length),
            step,
          );
          sources.forEach((source, index) => {
            const expected = plainBeamSearch(source.seed, vocabulary, source.request);
            expect(found[index]?.map(({ tokens }) => tokens)).toEqual(expected.map(({ tokens }) => tokens));
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it("keeps its promises about every caption", async () => {
    await fc.assert(
      fc.asyncProperty(
        seedArbitrary,
        fc.integer({ min: 1, max: 10 }),
        penaltyArbitrary,
        async (seed, beamWidth, penalty) => {
          const vocabulary = vocabularyOf(6, 9, penalty);
          const { step } = decoder([seed], vocabulary.words.length);
          const [captions = []] = await beamSearch(
            [{ beamWidth, count: beamWidth }],
            vocabulary,
            new Float32Array(1),
            step,
          );
          expect(captions).toHaveLength(beamWidth);
          expect(new Set(captions.map(({ tokens }) => tokens.join(" "))).size).toBe(beamWidth);
          for (const { tokens, logProbabilities, attention, logProbability, score } of captions) {
            expect(tokens.length).toBeGreaterThan(0);
            expect(tokens.length).toBeLessThanOrEqual(vocabulary.maxLength);
            expect(Math.min(...tokens)).toBeGreaterThan(UNKNOWN);
            expect(
              tokens.some((token, index) => index > 1 && token === tokens[index - 1] && token === tokens[index - 2]),
            ).toBe(false);
            // Recomputed token by token: the sum holds the end token, and the attention is of the step that chose the word.
            let hash = nextHash(0, START);
            let total = 0;
            tokens.forEach((token, index) => {
              expect(logProbabilities[index]).toBe(distribution(seed, hash, vocabulary.words.length)[token]);
              expect(attention[index]?.[0]).toBeCloseTo(hash / 65_521, 6);
              total += logProbabilities[index] as number;
              hash = nextHash(hash, token);
            });
            total += distribution(seed, hash, vocabulary.words.length)[END] as number;
            expect(logProbability).toBeCloseTo(total, 9);
            expect(score).toBeCloseTo(total / (tokens.length + 1) ** penalty, 9);
          }
          const scores = captions.map(({ score }) => score);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("follows the most probable word at width 1 and ends where the score is best", async () => {
    const vocabulary = vocabularyOf(8, 12, 0.7);
    for (let seed = 0; seed < 30; seed++) {
      const { step } = decoder([seed], vocabulary.words.length);
      const [[caption] = []] = await beamSearch([{ beamWidth: 1, count: 1 }], vocabulary, new Float32Array(1), step);
      const tokens: number[] = [];
      let best = { score: -Infinity, length: 0 };
      let total = 0;
      for (let hash = nextHash(0, START); ; ) {
        const row = distribution(seed, hash, vocabulary.words.length);
        const score = (total + (row[END] as number)) / (tokens.length + 1) ** 0.7;
        if (tokens.length > 0 && score > best.score) best = { score, length: tokens.length };
        if (tokens.length === vocabulary.maxLength) break;
        const next = [...row.keys()]
          .filter((token) => token > UNKNOWN && !(tokens.at(-1) === token && tokens.at(-2) === token))
          .reduce((a, b) => ((row[b] as number) > (row[a] as number) ? b : a));
        tokens.push(next);
        total += row[next] as number;
        hash = nextHash(hash, next);
      }
      expect(caption?.tokens).toEqual(tokens.slice(0, best.length));
    }
  });

  it("drops sources that have finished from the decoder's batch", async () => {
    const vocabulary = vocabularyOf(5, 12, 0);
    const seeds = [1, 2, 3, 4, 5, 6];
    const { step, calls } = decoder(seeds, vocabulary.words.length);
    await beamSearch(
      seeds.map((_, index) => ({ beamWidth: 1 + index, count: 1 })),
      vocabulary,
      new Float32Array(seeds.length),
      step,
    );
    expect(calls[0]).toMatchObject({ sources: [0, 1, 2, 3, 4, 5], beams: 1 });
    expect(calls.at(-1)?.sources.length).toBeLessThan(seeds.length);
    for (const { sources, beams, tokens, state } of calls) {
      expect(tokens).toHaveLength(sources.length * beams);
      expect(state).toHaveLength(sources.length * beams);
    }
  });

  it("writes no more than a source may, and stutters only where the vocabulary lets it", async () => {
    const vocabulary = vocabularyOf(1, 12, 0);
    const { step } = decoder([1, 1], vocabulary.words.length);
    const requests = [
      { beamWidth: 8, count: 8, maxLength: 5 },
      { beamWidth: 8, count: 8 },
    ];
    const lengths = async (mayStutter: boolean) => {
      const found = await beamSearch(requests, { ...vocabulary, mayStutter }, new Float32Array(2), step);
      return found.map((texts) => texts.map(({ tokens }) => tokens.length).sort((a, b) => a - b));
    };
    expect(await lengths(false)).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(await lengths(true)).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5, 6, 7, 8],
    ]);
  });

  it("stops at the step after the signal is aborted, with its reason", async () => {
    const vocabulary = vocabularyOf(5, 12, 0);
    const { step, calls } = decoder([1], vocabulary.words.length);
    const controller = new AbortController();
    const reason = new Error("the client has gone");
    const search = beamSearch(
      [{ beamWidth: 4, count: 4 }],
      vocabulary,
      new Float32Array(1),
      async (input) => {
        if (calls.length === 1) controller.abort(reason);
        return step(input);
      },
      controller.signal,
    );
    await expect(search).rejects.toBe(reason);
    expect(calls).toHaveLength(2);
  });

  it("returns what there is when the vocabulary allows fewer captions than asked for", async () => {
    const vocabulary = vocabularyOf(1, 2, 0);
    const { step } = decoder([3], vocabulary.words.length);
    const [captions] = await beamSearch([{ beamWidth: 10, count: 10 }], vocabulary, new Float32Array(1), step);
    expect(captions?.map(({ tokens }) => tokens.length).sort()).toEqual([1, 2]);
  });

  it("never chooses a word whose probability is zero or not a number", async () => {
    const vocabulary = vocabularyOf(3, 3, 0);
    const step = async ({ sources, beams }: DecoderInput): Promise<DecoderOutput> => {
      const rows = sources.length * beams;
      const row = [-1, -1, -1, -Infinity, Number.NaN, -0.5];
      return {
        logProbabilities: Float32Array.from({ length: rows * 6 }, (_, index) => row[index % 6] as number),
        nextState: new Float32Array(rows),
        attention: new Float32Array(rows * REGIONS),
      };
    };
    const [captions = []] = await beamSearch([{ beamWidth: 4, count: 4 }], vocabulary, new Float32Array(1), step);
    expect(captions.length).toBeGreaterThan(0);
    expect(new Set(captions.flatMap(({ tokens }) => tokens))).toEqual(new Set([5]));
  });
});
