import { Stop } from "./command.mjs";

/** In milliseconds. */
const DEFAULTS = {
  /** For a request's headers, from the connection's first byte. */
  HEADERS_TIMEOUT_MS: 10_000,
  /** For a whole request, its upload included: 12 MiB in this time is 0.8 Mbit/s. */
  UPLOAD_TIMEOUT_MS: 120_000,
  /** For the requests under way when a signal stops the server. Orchestrators wait 30 s before they kill. */
  DRAIN_TIMEOUT_MS: 25_000,
};

/**
 * How long the HTTP server waits for its clients.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {typeof DEFAULTS}
 * @throws {Stop} that names the variable which is wrong
 */
export function readTimeLimits(env) {
  const read = ([name, otherwise]) => {
    const value = env[name];
    if (value === undefined || value === "") return [name, otherwise];
    if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 3_600_000) return [name, Number(value)];
    throw new Stop(`${name} is "${value}": give milliseconds, from 1 to 3600000.`);
  };
  return Object.fromEntries(Object.entries(DEFAULTS).map(read));
}
