/** `npm run test:fuzz`: spoiled requests to every route of the built app, and what became of them in docs/fuzz.md. */
import { randomInt } from "node:crypto";
import { open, readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { withServer } from "../bench/server.mjs";
import { main, Stop } from "../command.mjs";
import { verifyModels } from "../models.mjs";
import { assertNodeVersion, buildIfChanged, installPackages } from "../setup.mjs";

const DOCUMENT = "docs/fuzz.md";
const LOG = "test-results/fuzz.log";
/** Requests of a run that is written down. */
const PUBLISHED_REQUESTS = 20_000;
/** Memory is read after each tenth of the requests; by half of them caches and pools are full, which stay so. */
const READINGS = 10;
/** MiB that memory may grow from there: a leak of 10 KB a request would be a hundred. */
const MOST_GROWTH_MIB = 100;

const USAGE = `npm run test:fuzz -- [options]
  --requests N   how many (default ${PUBLISHED_REQUESTS})
  --seed N       the same requests as before (default: drawn, and printed)
What became of a whole run, ${PUBLISHED_REQUESTS} requests or more, is put into ${DOCUMENT}.
A fault is printed with a seed of its own: --seed SEED --requests 250 finds it again.`;

function parseOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        requests: { type: "string", default: String(PUBLISHED_REQUESTS) },
        seed: { type: "string", default: String(randomInt(2 ** 31)) },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    throw new Stop(`${error.message}\n\n${USAGE}`);
  }
  for (const name of ["requests", "seed"]) {
    if (!/^\d{1,10}$/.test(values[name])) throw new Stop(`--${name} is "${values[name]}": give a whole number.`);
  }
  return { requests: Number(values.requests), seed: Number(values.seed), help: values.help };
}

async function readMemory(url) {
  const text = await (await fetch(`${url}/api/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]) / 2 ** 20;
}

function report({ requests, seed, statuses, faults, connections, leaked, memory, seconds }) {
  const rows = Object.entries(statuses).map(([status, count]) => `| ${status} | ${count} |`);
  const lines = [
    "# Fuzzing",
    "",
    `On ${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, seed ${seed}: ${requests} requests in ${Math.round(seconds)} s, by \`npm run test:fuzz -- --seed ${seed}\`.`,
    "",
    "| | |",
    "|---|---|",
    `| faults: a 5xx but 503 and 504, no answer, insides told | ${faults.length} |`,
    `| connections that the server opened to addresses in requests | ${connections} |`,
    `| log lines with what was sent | ${leaked} |`,
    `| memory after each tenth of the requests, MiB | ${memory.map(Math.round).join(", ")} |`,
    "",
    "| status | answers |",
    "|---|---:|",
    ...rows,
    "",
    "`scripts/fuzz/` makes the requests with fast-check from valid ones to every route: fields left out, repeated, renamed, of other types;",
    "photos cut off or with bytes changed; other methods, paths and headers. Every test run sends 1,000 of them (`e2e/fuzz.spec.ts`), and",
    "again those seeds by which something was found once (`scripts/fuzz/seeds.json`).",
    "",
  ];
  return lines.join("\n");
}

await main(async () => {
  const { requests, seed, help } = parseOptions(process.argv.slice(2));
  if (help) return console.log(USAGE);
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => stopping.abort(new Stop("Stopped.")));
  }
  assertNodeVersion();
  await verifyModels(process.env.MODELS_DIRECTORY || "models");
  await installPackages();
  await buildIfChanged();
  // Loaded only now: they need the packages.
  const [{ fuzz }, { MARKER }] = await Promise.all([import("./fuzz.mjs"), import("./strings.mjs")]);

  console.log(`${requests} requests, seed ${seed}`);
  const log = await open(LOG, "w");
  /** MiB. */
  const memory = [];
  const startedAt = performance.now();
  try {
    const result = await withServer(
      async (url) => {
        const onChunk = async (sent) => {
          while (sent * READINGS >= (memory.length + 1) * requests) memory.push(await readMemory(url));
          process.stdout.write(`\r${sent} sent`);
        };
        return await fuzz(url, { seed, requests, signal: stopping.signal, onChunk });
      },
      stopping.signal,
      { output: log.fd, env: { LOG_LEVEL: "debug" } },
    );
    const leaked = (await readFile(LOG, "utf8")).split("\n").filter((line) => line.includes(MARKER)).length;
    const seconds = (performance.now() - startedAt) / 1000;
    const document = report({ ...result, seed, leaked, memory, seconds });
    console.log(`\n\n${document}`);
    for (const fault of result.faults)
      console.error(`seed ${fault.seed}, request ${fault.index}: ${fault.fault}\n  ${fault.request}`);
    const grew = memory.at(-1) - memory[READINGS / 2 - 1];
    if (grew > MOST_GROWTH_MIB) console.error(`Memory grew by ${Math.round(grew)} MiB.`);
    const failed = result.faults.length > 0 || result.connections > 0 || leaked > 0 || !(grew <= MOST_GROWTH_MIB);
    if (requests >= PUBLISHED_REQUESTS) {
      await writeFile(DOCUMENT, document);
      console.log(`The result is in ${DOCUMENT}.`);
    }
    return failed ? 1 : 0;
  } finally {
    await log.close();
  }
});
