import { describe, expect, it } from "vitest";
import { CELL_KINDS } from "@/lib/cells/cell";
import { Trainer } from "@/lib/cells/trainer";
import { RUNS, WEIGHTS } from "./examples";
import { ARRANGEMENTS, DEFAULT_SETTINGS, runsOf } from "./settings";
import { probabilityOfOdd, runSequence } from "./stepped";

describe.each(CELL_KINDS)("the weights of %s", (cell) => {
  it.each(ARRANGEMENTS)("follow the parity of every eight bits, arranged as %s", (arrangement) => {
    const wrong: string[] = [];
    for (let bits = 0; bits < 256; bits += 1) {
      const values = Array.from({ length: 8 }, (_, place) => (bits >> place) & 1);
      const network = runSequence({ cell, arrangement, weightSeed: undefined }, values, WEIGHTS);
      let odd = 0;
      values.forEach((bit, time) => {
        odd ^= bit;
        if (probabilityOfOdd(network, time) > 0.5 !== (odd === 1)) wrong.push(`${values} at ${time + 1}`);
      });
    }
    expect(wrong).toEqual([]);
  });
});

describe("the runs that the page opens with", () => {
  it.each(RUNS)("are those of its settings, else run scripts/precompute-cells.mjs: $cell", (run) => {
    const settings = runsOf(DEFAULT_SETTINGS.training).find(({ cell }) => cell === run.cell);
    if (!settings) throw new Error("The page opens with other cells.");
    const trainer = new Trainer(settings);
    for (let step = 0; step < 20; step += 1) {
      trainer.step(DEFAULT_SETTINGS.training);
      expect(run.losses[step] ?? Number.NaN).toBeCloseTo(trainer.loss, 3);
    }
    expect(run.losses).toHaveLength(run.steps);
    expect(run.throughTime).toHaveLength(settings.length);
  });

  it("show that the LSTM learns what the simple network does not", () => {
    const [lstm, rnn] = RUNS;
    expect(lstm?.learnedAt).toBeLessThan(600);
    expect(rnn?.learnedAt).toBeUndefined();
    expect(rnn?.throughTime[0]).toBeLessThan(1e-6);
    expect(lstm?.throughTime[0]).toBeGreaterThan(1e-6);
  });
});
