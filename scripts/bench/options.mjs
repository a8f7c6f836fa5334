/** What `npm run bench` can be told. */
import { parseArgs } from "node:util";
import { Stop } from "../command.mjs";

/** What a published table is made of at least. */
export const PUBLISHED_RUNS = 5;

const USAGE = `npm run bench -- [options]
  --runs N         how often each measurement is repeated (default ${PUBLISHED_RUNS})
  --only A,B       leave the others out: eager, encoder, server, browser, questions, handwriting, live
  --checkpoint PT  for the comparison with PyTorch: these weights instead of the exported ones
  --write          put the tables into docs/performance.md (whole topics: captioning, which is the first four parts,
                   questions, handwriting or live; at least ${PUBLISHED_RUNS} runs, an idle machine)`;

/** What is published together, as one run measured it. */
export const TOPICS = {
  captioning: ["eager", "encoder", "server", "browser"],
  questions: ["questions"],
  handwriting: ["handwriting"],
  live: ["live"],
};

/** What is measured, in this order. */
export const PARTS = Object.values(TOPICS).flat();

/** The topics of which every part is among these. */
export function wholeTopics(parts) {
  return Object.keys(TOPICS).filter((topic) => TOPICS[topic].every((part) => parts.includes(part)));
}

/**
 * @param {readonly string[]} args e.g. `process.argv.slice(2)`
 * @returns {{ runs: number, parts: readonly string[], checkpoint: string | undefined, write: boolean, help: string | undefined }}
 * @throws {Stop} naming what is wrong
 */
export function parseOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: "string", default: String(PUBLISHED_RUNS) },
        only: { type: "string" },
        checkpoint: { type: "string" },
        write: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new Stop(`${error.message}\n\n${USAGE}`);
  }
  const runs = Number(values.runs);
  if (!/^\d+$/.test(values.runs) || runs < 1 || runs > 100) {
    throw new Stop(`--runs is "${values.runs}": give a number from 1 to 100.`);
  }
  const named = values.only?.split(",") ?? PARTS;
  const unknown = named.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new Stop(`--only knows no ${unknown.join(", ")}: choose from ${PARTS.join(", ")}.`);
  const published = wholeTopics(named).flatMap((topic) => TOPICS[topic]);
  if (values.write && (named.some((part) => !published.includes(part)) || runs < PUBLISHED_RUNS)) {
    throw new Stop(
      `--write takes whole topics and at least ${PUBLISHED_RUNS} runs: leave out --only and --runs, or name ${TOPICS.captioning.join(",")}, questions, handwriting or live.`,
    );
  }
  return {
    runs,
    parts: PARTS.filter((part) => named.includes(part)),
    checkpoint: values.checkpoint,
    write: values.write,
    help: values.help ? USAGE : undefined,
  };
}
