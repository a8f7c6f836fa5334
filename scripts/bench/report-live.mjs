/** From what was measured of live captions to tables. */
import { milliseconds, table } from "./table.mjs";

const MEBIBYTE = 2 ** 20;
/** Bytes a minute that count as flat: over ten minutes less than half of what the models take. */
const FLAT = 2 * MEBIBYTE;

const ENCODERS = { vision: "large", live: "small" };

const mebibytes = (bytes) => (bytes / MEBIBYTE).toFixed(1);

/** @param live what `measureAll` gives of it */
export function liveSection({ rates, memory, version }) {
  return [
    `### Live captions: WebAssembly, Chromium ${version}, a fake camera of 640×480 at 30 frames a second`,
    table(
      [
        "Encoder",
        "Threads",
        "Captions/s",
        "ms a caption",
        "of it reading",
        "encoding",
        "searching",
        "Tasks over 50 ms",
      ],
      rates.map((rate) => [
        ENCODERS[rate.encoder],
        rate.threads,
        rate.captionsPerSecond.toFixed(1),
        ...["total", "decode", "encode", "generate"].map((part) => milliseconds(rate[part])),
        rate.longTasks,
      ]),
    ),
    table(
      ["Memory of page and worker, over two minutes", "MiB"],
      [
        ["at the beginning", mebibytes(memory.startBytes)],
        ["more in a minute", mebibytes(memory.bytesAMinute)],
      ],
    ),
  ];
}

/**
 * What live captions promise.
 *
 * @param live what `measureAll` gives of it
 * @returns {[what: string, measured: string, met: boolean][]}
 */
export function liveTargets({ rates, memory }) {
  const longTasks = rates.reduce((sum, rate) => sum + rate.longTasks, memory.longTasks);
  return [
    ...rates
      .filter(({ threads }) => threads > 1)
      .map(({ encoder, captionsPerSecond }) => [
        `Four captions a second with two threads, ${ENCODERS[encoder]} encoder`,
        captionsPerSecond.toFixed(1),
        captionsPerSecond >= 4,
      ]),
    ["No task of over 50 ms in the page", String(longTasks), longTasks === 0],
    ["Memory is flat: at most 2 MiB more in a minute", mebibytes(memory.bytesAMinute), memory.bytesAMinute <= FLAT],
  ];
}
