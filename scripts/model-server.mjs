/** MLServer with the app's models (`deploy/model_server`), on free ports of this machine alone. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { untilReady } from "./bench/server.mjs";
import { run, Stop } from "./command.mjs";
import { findFreePort } from "./port.mjs";

/**
 * Starts it, uses it, and stops it whatever happens.
 *
 * @template Result
 * @param {string} python of an environment with `deploy/model_server/requirements.txt`
 * @param {(url: string) => Promise<Result>} use
 * @param {AbortSignal} signal
 * @returns {Promise<Result>}
 */
export async function withModelServer(python, use, signal) {
  const ports = [await findFreePort(), await findFreePort(), await findFreePort()];
  const [http, grpc, metrics] = ports.map(String);
  const stopping = new AbortController();
  const env = {
    PYTHONPATH: ".",
    MLSERVER_HOST: "127.0.0.1",
    MLSERVER_HTTP_PORT: http,
    MLSERVER_GRPC_PORT: grpc,
    MLSERVER_METRICS_PORT: metrics,
    // It writes what its processes count there, and else where it was started.
    MLSERVER_METRICS_DIR: tmpdir(),
  };
  const program = join(python, "..", "mlserver");
  const ended = run(program, ["start", "deploy/model_server/models"], { env, signal: stopping.signal, quiet: true });
  const died = ended.then((status) => {
    if (!stopping.signal.aborted) throw new Stop(`MLServer stopped with status ${status}: the lines above say why.`);
  });
  try {
    const url = `http://127.0.0.1:${http}`;
    return await Promise.race([untilReady(`${url}/v2/health/ready`, signal).then(() => use(url)), died]);
  } finally {
    stopping.abort();
    await ended;
  }
}
