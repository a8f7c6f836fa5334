/**
 * The server's own process: the built app behind Node's HTTP server, which waits for slow clients only so long, and which a signal
 * stops in order. `npm start` runs it.
 */
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import next from "next";
import { surviveBrokenOutput } from "./command.mjs";
import { readTimeLimits } from "./time-limits.mjs";

surviveBrokenOutput();
const { values } = parseArgs({ options: { port: { type: "string" }, hostname: { type: "string" } } });
const port = Number(values.port);
const { hostname } = values;
const limits = settings();

const app = next({ dev: false, hostname, port });
await app.prepare();
const handle = app.getRequestHandler();

function settings() {
  try {
    return readTimeLimits(process.env);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

/** How long Next and the workers have for their own end. */
const CLEANS_UP_WITHIN_MS = 4000;

let isStopping = false;
const server = createServer(
  {
    // Whoever sends a byte now and then holds a connection no longer than this; Node answers 408.
    headersTimeout: Math.min(limits.HEADERS_TIMEOUT_MS, limits.UPLOAD_TIMEOUT_MS),
    requestTimeout: limits.UPLOAD_TIMEOUT_MS,
    connectionsCheckingInterval: Math.min(1000, limits.HEADERS_TIMEOUT_MS),
  },
  (request, response) => {
    // The client's next request goes to another server, or finds out at once that there is none.
    if (isStopping) response.setHeader("connection", "close");
    handle(request, response).catch((error) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  },
);

/** Whether nothing is left of the workers. */
let workersHaveEnded = false;

/** `process.exit` would wait for a worker in native code, and abort with a core dump when that returns. */
function end() {
  if (workersHaveEnded) process.exit(0);
  process.kill(process.pid, "SIGKILL");
}

/** Takes no new connection, lets requests under way end, and ends; those that take too long are cut off. */
async function stop() {
  // A second signal does not wait.
  if (isStopping) end();
  isStopping = true;
  // `lib/server/readiness.ts` says so to load balancers that ask over a connection that is there already.
  globalThis.inklingIsStopping = true;
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  const closeIdle = setInterval(() => server.closeIdleConnections(), 50);
  const cutOff = setTimeout(() => server.closeAllConnections(), limits.DRAIN_TIMEOUT_MS);
  setTimeout(end, limits.DRAIN_TIMEOUT_MS + CLEANS_UP_WITHIN_MS);
  await closed;
  clearInterval(closeIdle);
  clearTimeout(cutOff);
  // `lib/server/pool.ts` keeps them there; with `INFERENCE_URL` there are two.
  const pools = [globalThis.inklingPool, globalThis.inklingOwnPool];
  workersHaveEnded = !(await Promise.all(pools.map((pool) => pool?.dispose()))).includes(false);
  // `lib/http/tracing.ts` keeps it there, where there is one: the spans of the last requests.
  await globalThis.inklingTracer?.stop();
  await app.close();
  end();
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);

server.on("error", (error) => {
  console.error(`Port ${port} cannot be listened on (${error.code}).`);
  process.exit(1);
});
server.listen(port, hostname);
