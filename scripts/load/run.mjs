/**
 * `npm run bench:load`, `bench:settings`, `test:load` and `test:soak`: the built app under load, on this machine alone. The benchmark prints tables,
 * and keeps them in docs/performance.md with `--write`; a whole test on a machine that does nothing else does so unasked, and fails
 * where a target is missed.
 */
import { setMaxListeners } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { describeMachine, MOST_OTHER_LOAD, otherLoad } from "../bench/machine.mjs";
import { withServer } from "../bench/server.mjs";
import { percent, replaceTables } from "../bench/table.mjs";
import { main, Stop } from "../command.mjs";
import { verifyModels } from "../models.mjs";
import { assertNodeVersion, buildIfChanged, installPackages } from "../setup.mjs";

const USAGE = `npm run bench:load | bench:settings | test:load | test:soak [-- options]
  --seconds N   of each level of the load, or for each setting of the queues (default 60)
  --minutes N   of the soak (default 20)
  --write       put the tables into docs/performance.md`;
const DOCUMENT = "docs/performance.md";

const WHOLE = { seconds: 60, minutes: 20 };
const KINDS = ["load", "settings", "soak"];

/** Loaded only once the packages are there. `serve` starts a server with some variables, uses it, and stops it. */
async function open(kind, serve) {
  const [{ readSamples }, load, settings, soak] = await Promise.all([
    import("../bench/photos.mjs"),
    import("./load.mjs"),
    import("./settings.mjs"),
    import("./soak.mjs"),
  ]);
  const samples = await readSamples();
  return {
    load: {
      measure: (options) => serve({}, (url) => load.measureLoad(url, samples, options)),
      report: load.reportLoad,
      targets: load.loadTargets,
    },
    settings: {
      measure: (options) => settings.measureSettings(serve, samples, options),
      report: settings.reportSettings,
      targets: () => [],
    },
    soak: {
      measure: (options) => serve({}, (url) => soak.measureSoak(url, samples, options)),
      report: soak.reportSoak,
      targets: soak.soakTargets,
    },
  }[kind];
}

function parse(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        seconds: { type: "string", default: "60" },
        minutes: { type: "string", default: "20" },
        check: { type: "boolean", default: false },
        write: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const [seconds, minutes] = [Number(values.seconds), Number(values.minutes)];
    if (!(seconds > 0 && seconds <= 3600)) throw new Error(`--seconds is "${values.seconds}": give 1 to 3600.`);
    if (!(minutes > 0 && minutes <= 600)) throw new Error(`--minutes is "${values.minutes}": give 1 to 600.`);
    return { ...values, kind: positionals[0], seconds, minutes };
  } catch (error) {
    throw new Stop(`${error.message}\n\n${USAGE}`);
  }
}

await main(async () => {
  const { kind, seconds, minutes, check, write, help } = parse(process.argv.slice(2));
  if (help || !KINDS.includes(kind)) return console.log(USAGE);
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, () => stopping.abort(new Stop("Stopped.")));
  const { signal } = stopping;
  // Each request that is under way listens to it.
  setMaxListeners(0, signal);
  assertNodeVersion();
  const models = process.env.MODELS_DIRECTORY || "models";
  await verifyModels(models);
  await installPackages();
  await buildIfChanged();
  const busy = await otherLoad();
  if (busy > MOST_OTHER_LOAD) {
    const found = `Other programs use ${percent(busy)} of this machine's CPU: the figures would not be the machine's.`;
    if (write) throw new Stop(`${found} Stop them, or leave out --write.`);
    console.error(check ? `${found} They are not kept.` : found);
  }

  const { measure, report, targets } = await open(kind, (env, use) => withServer(use, signal, { env }));
  const say = (what) => console.error(`Measuring ${what} …`);
  const result = await measure({ seconds, minutes, signal, say });
  const date = new Date().toISOString().slice(0, 10);
  const machine = [["Date", date], ...(await describeMachine(models)), ["CPU in other hands before", percent(busy)]];
  const tables = report(machine, result);
  console.log(tables);
  const isWhole = seconds >= WHOLE.seconds && minutes >= WHOLE.minutes;
  if (write || (check && isWhole && busy <= MOST_OTHER_LOAD)) {
    await writeFile(DOCUMENT, replaceTables(await readFile(DOCUMENT, "utf8"), kind, tables));
    console.log(`\nThe tables are in ${DOCUMENT}.`);
  }
  const missed = targets(result).filter(({ met }) => !met);
  if (check && missed.length > 0) throw new Stop(`Missed: ${missed.map(({ target }) => target).join("; ")}.`);
});
