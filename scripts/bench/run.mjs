/**
 * `npm run bench`: measures the app on this machine and prints tables; with `--write` it keeps them in
 * docs/performance.md. `npm run bench -- --help` lists what it can be told.
 */
import { readFile, writeFile } from "node:fs/promises";
import { main, Stop } from "../command.mjs";
import { verifyModels } from "../models.mjs";
import { assertNodeVersion, buildIfChanged, installPackages } from "../setup.mjs";
import { MOST_OTHER_LOAD, otherLoad } from "./machine.mjs";
import { parseOptions } from "./options.mjs";
import { reportTopics } from "./report.mjs";
import { percent, replaceTables } from "./table.mjs";

const DOCUMENT = "docs/performance.md";

await main(async () => {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) return console.log(options.help);
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => stopping.abort(new Stop("Stopped.")));
  }
  assertNodeVersion();
  await verifyModels(process.env.MODELS_DIRECTORY || "models");
  await installPackages();
  await buildIfChanged();

  const load = await otherLoad();
  const busy = `Other programs use ${percent(load)} of this machine's CPU`;
  if (load > MOST_OTHER_LOAD) {
    if (options.write) throw new Stop(`${busy}: stop them before figures are kept, or leave out --write.`);
    console.error(`${busy}: the figures below are worse than the machine's.`);
  }
  // Loaded only now: it needs the packages.
  const { measureAll } = await import("./suite.mjs");
  const started = new Date().toISOString().slice(0, 10);
  const result = await measureAll(options, stopping.signal);
  result.machine.unshift(["Date", started]);
  result.machine.push(["CPU in other hands before", percent(load)]);
  const reports = reportTopics(result);
  console.log(Object.values(reports).join("\n\n"));
  if (options.write) {
    let document = await readFile(DOCUMENT, "utf8");
    for (const [topic, tables] of Object.entries(reports)) document = replaceTables(document, topic, tables);
    await writeFile(DOCUMENT, document);
    console.log(`\nThe tables are in ${DOCUMENT}.`);
  }
});
