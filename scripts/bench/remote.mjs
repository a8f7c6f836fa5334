/**
 * `npm run bench:remote`: the app with its models here, in another app, and in one MLServer or two. `-- --write` puts the table into
 * docs/scaling.md, which wants an idle machine.
 */
import { readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { main, Stop } from "../command.mjs";
import { withModelServer } from "../model-server.mjs";
import { assertNodeVersion, buildIfChanged, installPackages } from "../setup.mjs";
import { preparePython } from "../system.mjs";
import { ask, caption, readMetric, write } from "./client.mjs";
import { describeMachine, MOST_OTHER_LOAD, otherLoad } from "./machine.mjs";
import { median, repeat } from "./measure.mjs";
import { freshCopy, readSamples } from "./photos.mjs";
import { withServer } from "./server.mjs";
import { milliseconds, percent, replaceTables, table } from "./table.mjs";

const DOCUMENT = "docs/scaling.md";
const USAGE = "npm run bench:remote -- [--write]: measures the app with its models here and in other servers.";
const RUNS = 12;
const CLIENTS = 8;
const PHOTOS = 48;
const TEXT = { text: "The quick brown fox jumps over it.", seed: 7, bias: 0.8 };

/** Passes connections on to a server and counts their bytes, both ways together. */
async function withCounter(url, use) {
  const { hostname, port } = new URL(url);
  let bytes = 0;
  const count = (chunk) => {
    bytes += chunk.length;
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) socket.on("data", count).on("error", () => {});
    client.pipe(upstream).pipe(client);
    client.on("close", () => upstream.destroy());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${server.address().port}`, () => bytes);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

async function readMemory(url, signal) {
  const text = await (await fetch(`${url}/api/metrics`, { signal })).text();
  return readMetric(text, "process_resident_memory_bytes");
}

/** One client's times and bytes, the rate of eight, and the app's memory after it. */
async function measure(url, samples, bytes, signal) {
  const photo = (index) => freshCopy(samples[index % samples.length].bytes);
  const once = async (body) => {
    await body(0);
    const before = bytes();
    const times = await repeat(
      RUNS,
      async (index) => {
        const start = performance.now();
        await body(index + 1);
        return performance.now() - start;
      },
      signal,
    );
    return { ms: median(times), bytes: (bytes() - before) / RUNS };
  };
  const captions = await once((index) => caption(url, photo(index), {}, signal));
  const { answer } = await ask(url, { image: photo(0), question: "What is this?" }, signal);
  const asked = { imageSha256: answer.image.sha256, question: "What color is the dog?" };
  const questions = await once(() => ask(url, asked, signal));
  const lines = await once((index) => write(url, { ...TEXT, seed: index }, signal));

  let next = 0;
  const client = async () => {
    while (next < PHOTOS) await caption(url, photo(next++), {}, signal);
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const rate = PHOTOS / ((performance.now() - start) / 1000);
  return { captions, questions, lines, rate, memory: await readMemory(url, signal) };
}

await main(async () => {
  const [flag, ...others] = process.argv.slice(2);
  if (flag === "--help") return console.log(USAGE);
  if ((flag !== undefined && flag !== "--write") || others.length > 0) throw new Stop(USAGE);
  const keep = flag === "--write";
  assertNodeVersion();
  await installPackages();
  await buildIfChanged();
  const load = await otherLoad();
  if (keep && load > MOST_OTHER_LOAD)
    throw new Stop(`Other programs use ${percent(load)} of this machine's CPU: stop them.`);
  const python = await preparePython("deploy/requirements-test.txt", ".venv-serving");
  const samples = await readSamples();
  const { signal } = new AbortController();
  const rows = [];

  async function add(name, upstream) {
    console.error(`Measuring ${name} …`);
    const settings = { env: upstream ? { INFERENCE_URL: upstream.url } : {} };
    const bytes = upstream?.bytes ?? (() => 0);
    const { captions, questions, lines, rate, memory } = await withServer(
      (url) => measure(url, samples, bytes, signal),
      signal,
      settings,
    );
    const sent = (each) => (upstream?.bytes ? Math.round(each.bytes / 1024).toLocaleString("en-US") : "");
    rows.push([
      name,
      ...[captions, questions, lines].flatMap((each) => [milliseconds(each.ms), sent(each)]),
      rate.toFixed(1),
      Math.round(memory / 2 ** 20),
    ]);
  }

  await add("here");
  await withServer((url) => withCounter(url, (counted, bytes) => add("another app", { url: counted, bytes })), signal);
  await withModelServer(
    python,
    async (first) => {
      await withCounter(first, (url, bytes) => add("one MLServer", { url, bytes }));
      await withModelServer(python, (second) => add("two MLServers", { url: `${first},${second}` }), signal);
    },
    signal,
  );
  const machine = [["Date", new Date().toISOString().slice(0, 10)], ...(await describeMachine("models"))];
  const headers = [
    "Models run",
    "Caption, ms",
    "KiB",
    "Question, ms",
    "KiB",
    "Line, ms",
    "KiB",
    `Photos/s, ${CLIENTS} clients`,
    "App's MiB",
  ];
  const report = `${table(["Measured on", ""], machine)}\n\n${table(headers, rows)}`;
  console.log(report);
  if (keep) await writeFile(DOCUMENT, replaceTables(await readFile(DOCUMENT, "utf8"), "remote", report));
});
