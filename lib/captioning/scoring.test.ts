import { describe, expect, it } from "vitest";
import { beamSearch } from "@/lib/inference/beam-search";
import { decoder, vocabularyOf } from "@/lib/inference/fixtures/prefix-decoder";
import { scoreCaptions } from "./scoring";

describe("scoreCaptions", () => {
  const vocabulary = vocabularyOf(6, 8, 0.7);
  const initialState = new Float32Array(3);
  const { step } = decoder([11, 12, 13], vocabulary.words.length);

  it("makes of captions what the search made of them, for each photo of a batch", async () => {
    const requests = [
      { beamWidth: 4, count: 4 },
      { beamWidth: 3, count: 3 },
      { beamWidth: 6, count: 1 },
    ];
    const found = await beamSearch(requests, vocabulary, initialState, step);
    const captions = found.map((hypotheses) => hypotheses.map(({ tokens }) => tokens));
    const scored = await scoreCaptions(captions, vocabulary, initialState, step);
    expect(scored.map((each) => each.length)).toEqual([4, 3, 1]);
    scored.flat().forEach((hypothesis, index) => {
      const other = found.flat()[index];
      expect(hypothesis.tokens).toEqual(other?.tokens);
      expect(hypothesis.logProbabilities).toEqual(other?.logProbabilities);
      expect(hypothesis.attention).toEqual(other?.attention);
      expect(hypothesis.logProbability).toBeCloseTo(other?.logProbability as number, 9);
      expect(hypothesis.score).toBeCloseTo(other?.score as number, 9);
    });
  });

  it("leaves photos without captions alone", async () => {
    const scored = await scoreCaptions([[], [[3, 4]], []], vocabulary, initialState, step);
    expect(scored.map((each) => each.length)).toEqual([0, 1, 0]);
    expect(await scoreCaptions([[], [], []], vocabulary, initialState, step)).toEqual([[], [], []]);
  });

  it("stops when it is told to, with the reason", async () => {
    const reason = new Error("gone");
    const aborted = AbortSignal.abort(reason);
    await expect(scoreCaptions([[[3]], [], []], vocabulary, initialState, step, aborted)).rejects.toBe(reason);
  });
});
