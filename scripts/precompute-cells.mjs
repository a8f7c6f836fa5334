/**
 * Trains what the page of cells opens with: a cell of each kind, in each arrangement, that follows the parity of a sequence; and a
 * run of an LSTM beside a simple network. Run it again whenever `lib/cells` changes what training does:
 *
 *     node scripts/precompute-cells.mjs
 */
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { main, Stop } from "./command.mjs";

const OUTFILE = "build/cells-library.mjs";
const EXAMPLES = "app/cells/examples.json";

const KINDS = ["rnn", "lstm", "gru", "peephole", "coupled"];
const ARRANGEMENTS = {
  one: { layers: 1, bidirectional: false },
  two: { layers: 2, bidirectional: false },
  both: { layers: 1, bidirectional: true },
};
const HIDDEN = 3;
const LENGTH = 10;
const MAX_STEPS = 6000;
const MAX_SEED = 20;

/** What the training panel opens with; the page's settings say the same. */
const RUN = {
  task: "recall",
  length: 40,
  hiddenSize: 16,
  layers: 1,
  bidirectional: false,
  optimizer: "adam",
  gain: 1,
  seed: 1,
};
const PACE = { learningRate: 0.01, clipping: true };
const RUN_STEPS = 600;

await main(async () => {
  await build({
    entryPoints: ["lib/cells/trainer.ts"],
    outfile: OUTFILE,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  const { Trainer } = await import(pathToFileURL(OUTFILE).href);
  const round = (value) => Number(value.toPrecision(4));

  const weights = {};
  for (const kind of KINDS) {
    for (const [name, arrangement] of Object.entries(ARRANGEMENTS)) {
      weights[`${kind}, ${name}`] = trainParity(Trainer, kind, arrangement).map(round);
      console.log(`${kind}, ${name}: ${weights[`${kind}, ${name}`].length} numbers`);
    }
  }
  const runs = ["lstm", "rnn"].map((cell) => {
    const trainer = new Trainer({ ...RUN, cell });
    const losses = [];
    const gradientNorms = [];
    for (let step = 0; step < RUN_STEPS; step += 1) {
      trainer.step(PACE);
      losses.push(round(trainer.loss));
      gradientNorms.push(round(trainer.gradientNorm));
    }
    const { steps, accuracy, learnedAt, diverged } = trainer;
    console.log(`${cell}: ${accuracy} after ${steps} steps, learned at ${learnedAt}`);
    const throughTime = [...trainer.measureThroughTime()].map(round);
    return { cell, steps, losses, gradientNorms, accuracy: round(accuracy), throughTime, learnedAt, diverged };
  });
  await write({ weights, runs });
});

/** Parameters of the first network, by seeds, that has learned all of it. */
function trainParity(Trainer, cell, arrangement) {
  for (let seed = 1; seed <= MAX_SEED; seed += 1) {
    const settings = { task: "parity", cell, length: LENGTH, hiddenSize: HIDDEN, optimizer: "adam", gain: 1, seed };
    const trainer = new Trainer({ ...settings, ...arrangement });
    while (trainer.steps < MAX_STEPS && !(trainer.accuracy === 1 && trainer.loss < 0.02)) {
      trainer.step({ learningRate: 0.02, clipping: true });
    }
    if (trainer.accuracy === 1) return [...trainer.network.parameters.values];
  }
  throw new Stop(`${cell} did not learn parity with any of ${MAX_SEED} seeds.`);
}

async function write({ weights, runs }) {
  // One line a network or run: a change shows as as many changed lines.
  const lines = Object.entries(weights).map(([name, values]) => `  ${JSON.stringify(name)}: ${JSON.stringify(values)}`);
  const parts = [
    `"weights": {\n${lines.join(",\n")}\n}`,
    `"runs": [\n${runs.map((run) => `  ${JSON.stringify(run)}`).join(",\n")}\n]`,
  ];
  await writeFile(EXAMPLES, `{\n${parts.join(",\n")}\n}\n`);
  console.log(`The examples are in ${EXAMPLES}.`);
}
