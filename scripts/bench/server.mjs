/** The built app on a free port of this machine alone, for as long as it is measured. */
import { run, Stop } from "../command.mjs";
import { findFreePort } from "../port.mjs";

const READY_WITHIN_MS = 120_000;

/**
 * Waits until a server's models are loaded.
 *
 * @param {string} url of what answers with 200 then
 */
export async function untilReady(url, signal) {
  // By the clock: Node 20 may forget a timeout that only `AbortSignal.any` holds.
  const end = performance.now() + READY_WITHIN_MS;
  while (performance.now() < end) {
    signal.throwIfAborted();
    const response = await fetch(url, { signal: AbortSignal.timeout(READY_WITHIN_MS) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Stop(`The server was not ready within ${READY_WITHIN_MS / 1000} s: \`npm start\` says why.`);
}

/**
 * Starts the app, uses it, and stops it whatever happens.
 *
 * @template Result
 * @param {(url: string) => Promise<Result>} use
 * @param {AbortSignal} signal
 * @param {{ env?: Record<string, string>, output?: number }} options further variables; where its output goes, default nowhere
 * @returns {Promise<Result>}
 */
export async function withServer(use, signal, { env: further = {}, output } = {}) {
  const port = await findFreePort();
  const stopping = new AbortController();
  const args = ["scripts/serve.mjs", "--hostname", "127.0.0.1", "--port", String(port)];
  const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production", LOG_LEVEL: "error", ...further };
  const ended = run(process.execPath, args, { env, signal: stopping.signal, quiet: true, output });
  const died = ended.then((status) => {
    if (!stopping.signal.aborted) throw new Stop(`The server stopped with status ${status}: the lines above say why.`);
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    return await Promise.race([untilReady(`${url}/api/health/ready`, signal).then(() => use(url)), died]);
  } finally {
    stopping.abort();
    await ended;
  }
}
