/** What running on the server and on this device took here, so that `auto` can take the faster. */

export const PLACES = ["server", "device"] as const;
export type Place = (typeof PLACES)[number];

export const RUN_ON = ["auto", ...PLACES] as const;
/** Where to run: `auto` takes the faster of what was measured on this device. */
export type RunOn = (typeof RUN_ON)[number];

/** Milliseconds of the latest runs, from asking to having the answer, the newest last. */
export type MeasuredTimes = Readonly<Record<Place, readonly number[]>>;

/** As many runs as are kept: enough for a median, few enough to follow a change of network. */
const KEPT = 5;

/** Reads what was stored; anything that is not a list of times counts as nothing measured. */
export function parseTimes(stored: string | null): MeasuredTimes {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? "{}");
  } catch {
    value = {};
  }
  const record = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  return { server: times(record.server), device: times(record.device) };
}

export function addTime(measured: MeasuredTimes, place: Place, milliseconds: number): MeasuredTimes {
  return { ...measured, [place]: [...measured[place], Math.round(milliseconds * 10) / 10].slice(-KEPT) };
}

/** The median time of a place, in milliseconds, or undefined before the first run. */
export function typicalTime(measured: MeasuredTimes, place: Place): number | undefined {
  const sorted = [...measured[place]].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return undefined;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle) - 1] as number)) / 2;
}

/** The place that `auto` takes: the server until the device has been measured and is faster. */
export function fasterPlace(measured: MeasuredTimes): Place {
  const server = typicalTime(measured, "server");
  const device = typicalTime(measured, "device");
  if (device === undefined) return "server";
  return server === undefined || device < server ? "device" : "server";
}

function times(value: unknown): number[] {
  if (!Array.isArray(value)) return [];
  return value.filter((time): time is number => Number.isFinite(time) && time >= 0).slice(-KEPT);
}
