import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CELL_KINDS } from "@/lib/cells/cell";
import { OPTIMIZERS } from "@/lib/cells/optimizer";
import { TASK_NAMES } from "@/lib/cells/tasks";
import { Trainer } from "@/lib/cells/trainer";
import {
  ARRANGEMENTS,
  DEFAULT_SETTINGS,
  formatShared,
  GAINS,
  HIDDEN_SIZES,
  LEARNING_RATES,
  MAX_LENGTH,
  MAX_SEED,
  MIN_LENGTH,
  PRESETS,
  parseShared,
  runsOf,
} from "./settings";

const parse = (query: string) => parseShared(Object.fromEntries(new URLSearchParams(query)));

describe("a share link", () => {
  it("brings everything back", () => {
    const seed = fc.nat({ max: MAX_SEED });
    const settings = fc.record({
      stepping: fc.record({
        cell: fc.constantFrom(...CELL_KINDS),
        arrangement: fc.constantFrom(...ARRANGEMENTS),
        sequence: fc
          .array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 16 })
          .map((each) => each.join(" ")),
        weightSeed: fc.option(seed, { nil: undefined }),
        step: fc.nat({ max: 2 }),
      }),
      training: fc.record({
        task: fc.constantFrom(...TASK_NAMES),
        cells: fc.tuple(fc.constantFrom(...CELL_KINDS), fc.constantFrom(...CELL_KINDS)),
        length: fc.integer({ min: MIN_LENGTH, max: MAX_LENGTH }),
        hiddenSize: fc.constantFrom(...HIDDEN_SIZES),
        optimizer: fc.constantFrom(...OPTIMIZERS),
        learningRate: fc.constantFrom(...LEARNING_RATES),
        clipping: fc.boolean(),
        gain: fc.constantFrom(...GAINS),
        seed,
      }),
    });
    fc.assert(
      fc.property(settings, (each) => {
        expect(parse(formatShared(each))).toEqual(each);
      }),
    );
  });

  it("leaves out what the page would do by itself", () => {
    expect(formatShared(DEFAULT_SETTINGS)).toBe("step=3");
    expect(parse("")).toEqual(DEFAULT_SETTINGS);
  });

  it("leaves to the page what it says as nonsense", () => {
    expect(
      parse(
        "cell=transformer&arrangement=three&sequence=one&weights=-1&step=9&task=sorting&first=&second=x&length=1000&units=17&optimizer=lion&rate=7&gain=0&seed=1e3",
      ),
    ).toEqual({ ...DEFAULT_SETTINGS, stepping: { ...DEFAULT_SETTINGS.stepping, step: expect.any(Number) } });
    expect(parseShared({ cell: ["gru", "rnn"], sequence: ["1"] })).toEqual(DEFAULT_SETTINGS);
    expect(parse("sequence=1+1&step=3").stepping.step).toBe(1);
  });
});

it("trains two networks that differ in the cell alone", () => {
  const [first, second] = runsOf(DEFAULT_SETTINGS.training);
  expect(first).toEqual({ ...second, cell: "lstm" });
  expect(first).not.toHaveProperty("learningRate");
  expect(second?.cell).toBe("rnn");
});

describe("the settings to begin with", () => {
  /** ‖∂L/∂h‖ at the first step of a sequence, as a share of that at the last one. */
  function gradientAtFirst(name: string, clipping: boolean, steps: number): number {
    const preset = PRESETS.find((each) => each.name === name);
    const run = preset && runsOf(preset.settings).find(({ cell }) => cell === "rnn");
    if (!run) throw new Error(`${name} trains no simple network.`);
    const trainer = new Trainer(run);
    while (trainer.steps < steps) trainer.step({ ...preset.settings, clipping });
    const throughTime = trainer.measureThroughTime();
    return (throughTime[0] ?? 0) / (throughTime.at(-1) ?? 0);
  }

  it("let gradients vanish and explode, and clipping mend it, as their notes say", () => {
    expect(gradientAtFirst("Vanishing", true, 30)).toBeLessThan(1e-6);
    expect(gradientAtFirst("Exploding", true, 30)).toBeGreaterThan(1e3);
    expect(gradientAtFirst("A step too far", false, 30)).toBeLessThan(1e-20);
    expect(gradientAtFirst("A step too far", true, 30)).toBeGreaterThan(1e-3);
  });

  it("can be shared", () => {
    for (const { settings } of PRESETS) {
      expect(parse(formatShared({ ...DEFAULT_SETTINGS, training: settings })).training).toEqual(settings);
    }
  });
});
