/** From what was measured of handwriting to tables. */
import { median } from "./measure.mjs";
import { milliseconds, ratio, table } from "./table.mjs";

const MEBIBYTE = 2 ** 20;

/** "6,120" */
const rate = (value) => Math.round(value).toLocaleString("en-US");

const isSame = (setting) => (row) => row.lines === setting.lines && row.threads === setting.threads;

/** A row of eager PyTorch beside the app's for the same lines and threads. */
function compare(writer, row) {
  const { pointsPerSecond } = writer.find(isSame(row));
  const eager = median(row.pointsPerSecond);
  return { pointsPerSecond, eager, ratio: pointsPerSecond / eager };
}

/** @param handwriting what `measureAll` gives of it */
export function handwritingSection({ writer, throughput, firstInk, onDevice, eager }) {
  const [alone] = throughput;
  const device = `WebAssembly, Chromium ${onDevice.version}`;
  return [
    `### Handwriting in one process, and eager fp32 PyTorch ${eager.torch} (Python ${eager.python})`,
    table(
      ["Lines at once", "Threads", "Points/s", "PyTorch's points/s", "times as fast"],
      eager.rows.map((row) => {
        const compared = compare(writer, row);
        return [row.lines, row.threads, rate(compared.pointsPerSecond), rate(compared.eager), ratio(compared.ratio)];
      }),
    ),
    "### Handwriting on the server: clients at once, a line each",
    table(
      ["Clients", "Points/s", "Against one client", "Lines in a chunk"],
      throughput.map(({ clients, pointsPerSecond, meanLines }) => [
        clients,
        rate(pointsPerSecond),
        ratio(pointsPerSecond / alone.pointsPerSecond),
        meanLines.toFixed(1),
      ]),
    ),
    "### Handwriting on the device",
    table(
      [`One line (${device})`, ""],
      [
        ["Threads", onDevice.threads],
        ["Points/s", rate(onDevice.pointsPerSecond)],
      ],
    ),
    "### Handwriting: first ink, ms",
    table(
      ["From asking to the first ink", "p50", "p95"],
      [
        ["server", milliseconds(firstInk.p50), milliseconds(firstInk.p95)],
        [`device (${device})`, milliseconds(onDevice.firstInk.p50), milliseconds(onDevice.firstInk.p95)],
      ],
    ),
  ];
}

/**
 * What handwriting promises.
 *
 * @param handwriting what `measureAll` gives of it
 * @returns {[what: string, measured: string, met: boolean][]}
 */
export function handwritingTargets({ writer, firstInk, onDevice, eager, modelBytes }) {
  const written = (lines) => writer.find(isSame({ lines, threads: 2 })).pointsPerSecond;
  const atLeast = (what, value, least) => [`${what}: ${rate(least)} points/s`, rate(value), value >= least];
  const within = (where, { p95 }) => [`First ink on the ${where}: under 150 ms (p95)`, milliseconds(p95), p95 < 150];
  const alone = eager.rows.filter(({ lines }) => lines === 1).map((row) => compare(writer, row).ratio);
  const least = Math.min(...alone);
  return [
    atLeast("One line in Node with two threads", written(1), 6_000),
    atLeast("One line in WebAssembly", onDevice.pointsPerSecond, 3_500),
    atLeast("32 lines at once on two threads", written(32), 20_000),
    within("server", firstInk),
    within("device", onDevice.firstInk),
    ["One line: five times as fast as eager, however many threads", ratio(least), least >= 5],
    [
      "The model has at most 4 MiB",
      // Rounded up: nothing above the limit reads as the limit.
      `${(Math.ceil((modelBytes / MEBIBYTE) * 100) / 100).toFixed(2)} MiB`,
      modelBytes <= 4 * MEBIBYTE,
    ],
  ];
}
