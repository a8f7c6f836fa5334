import { describe, expect, it } from "vitest";
import type { DecoderInput, DecoderOutput } from "@/lib/inference/decoder";
import { sampleCaptions } from "./sampling";
import type { Vocabulary } from "./vocabulary";

const vocabulary: Vocabulary = {
  words: ["<start>", "<end>", "<unk>", "a", "dog", "runs"],
  startToken: 0,
  endToken: 1,
  unknownToken: 2,
  maxLength: 4,
  lengthPenalty: 0.7,
  frequencies: { documents: 1, phrases: new Map() },
};

/** Every row has the same distribution; the state counts the words. */
function decoder(probabilities: readonly number[]) {
  const calls: DecoderInput[] = [];
  const step = async (input: DecoderInput): Promise<DecoderOutput> => {
    calls.push(input);
    const rows = input.sources.length * input.beams;
    return {
      logProbabilities: Float32Array.from({ length: rows * probabilities.length }, (_, index) =>
        Math.log(probabilities[index % probabilities.length] as number),
      ),
      nextState: input.state.map((words) => words + 1),
      attention: new Float32Array(rows),
    };
  };
  return { step, calls };
}

describe("sampleCaptions", () => {
  it("draws each word as often as the temperature makes it probable", async () => {
    const probabilities = [0.3, 0.1, 0.2, 0.05, 0.15, 0.2];
    const { step } = decoder(probabilities);
    const count = 400;
    for (const temperature of [0.5, 1]) {
      const [samples = []] = await sampleCaptions(
        1,
        { count, temperature, seed: 1 },
        vocabulary,
        new Float32Array(1),
        step,
      );
      const powers = probabilities.map((p, token) => (token === 0 || token === 2 ? 0 : p ** (1 / temperature)));
      const total = powers.reduce((sum, power) => sum + power, 0);
      for (const token of vocabulary.words.keys()) {
        const expected = (count * (powers[token] as number)) / total;
        const drawn = samples.filter(([first]) => first === token).length;
        // Evenly spread points miss a share by less than one sample at each of its ends.
        expect(Math.abs(drawn - expected), `token ${token}`).toBeLessThanOrEqual(1);
      }
    }
  });

  it("ends samples with the end token, or at the longest length", async () => {
    const { step, calls } = decoder([0, 0.3, 0, 0.3, 0.2, 0.2]);
    const [samples = []] = await sampleCaptions(
      1,
      { count: 50, temperature: 1, seed: 1 },
      vocabulary,
      new Float32Array(1),
      step,
    );
    expect(samples).toHaveLength(50);
    for (const tokens of samples) {
      expect(tokens.slice(0, -1)).not.toContain(1);
      expect(tokens.at(-1) === 1 || tokens.length === 5).toBe(true);
    }
    expect(calls).toHaveLength(5);
    // Equal beginnings are one row.
    calls.forEach(({ beams }, position) => {
      const alive = samples.filter((tokens) => tokens.length > position);
      expect(beams).toBe(new Set(alive.map((tokens) => tokens.slice(0, position).join(" "))).size);
    });
    // Each prefix is continued from its own state: the number of words before.
    calls.forEach(({ state }, position) => {
      expect(new Set(state)).toEqual(new Set([position]));
    });
  });

  it("draws the same for a photo alone and beside others", async () => {
    const { step } = decoder([0, 0.3, 0, 0.3, 0.2, 0.2]);
    const options = { count: 12, temperature: 0.7, seed: 1 };
    const together = await sampleCaptions(3, options, vocabulary, new Float32Array(3), step);
    const [alone] = await sampleCaptions(1, options, vocabulary, new Float32Array(1), step);
    expect(together).toEqual([alone, alone, alone]);
    const [other] = await sampleCaptions(1, { ...options, seed: 2 }, vocabulary, new Float32Array(1), step);
    expect(other).not.toEqual(alone);
  });

  it("leaves photos out whose samples have all ended", async () => {
    const calls: DecoderInput[] = [];
    const step = async (input: DecoderInput): Promise<DecoderOutput> => {
      calls.push(input);
      const probabilities = input.sources.flatMap((photo) =>
        Array.from({ length: input.beams }, () => (photo === 0 ? [0, 1, 0, 0, 0, 0] : [0, 0, 0, 1, 0, 0])).flat(),
      );
      return {
        logProbabilities: Float32Array.from(probabilities, Math.log),
        nextState: input.state,
        attention: new Float32Array(input.sources.length * input.beams),
      };
    };
    const samples = await sampleCaptions(
      2,
      { count: 2, temperature: 1, seed: 1 },
      vocabulary,
      new Float32Array(2),
      step,
    );
    expect(samples).toEqual([
      [[1], [1]],
      [
        [3, 3, 3, 3, 3],
        [3, 3, 3, 3, 3],
      ],
    ]);
    expect(calls.map(({ sources }) => sources)).toEqual([[0, 1], [1], [1], [1], [1]]);
  });

  it("stops when the signal is aborted, with its reason", async () => {
    const reason = new Error("the client has gone");
    const { step } = decoder([0, 0.3, 0, 0.3, 0.2, 0.2]);
    const sampling = sampleCaptions(
      1,
      { count: 2, temperature: 1, seed: 1 },
      vocabulary,
      new Float32Array(1),
      step,
      AbortSignal.abort(reason),
    );
    await expect(sampling).rejects.toBe(reason);
  });
});
