/** A fuzz run against a server: reproducible by its seed. */
import { createHash } from "node:crypto";
import { Agent } from "node:http";
import { createServer } from "node:net";
import fc from "fast-check";
import { makeRequests } from "./requests.mjs";
import { faultOf, send } from "./send.mjs";

/** Requests that are made from one seed: a fault is found again without all that came before. */
export const CHUNK = 250;
const CONCURRENCY = 8;

/**
 * @typedef {{ seed: number, index: number, request: string, fault: string }} Fault
 * @typedef {{ requests: number, statuses: Record<string, number>, faults: Fault[], connections: number }} FuzzResult
 */

/** Listens where nobody may connect, and counts who does. */
async function withCanary(use) {
  let connections = 0;
  const canary = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise((resolve) => canary.listen(0, "127.0.0.1", resolve));
  try {
    const result = await use(`http://127.0.0.1:${canary.address().port}/canary`);
    return { ...result, connections };
  } finally {
    canary.close();
  }
}

/** Requests on their way, as one line that can be read. */
function describe({ method, path, headers, body }) {
  const sent = body
    ? ` ${body.length} bytes, SHA-256 ${createHash("sha256").update(body).digest("hex").slice(0, 12)}`
    : "";
  return `${method} ${path.slice(0, 200)} ${JSON.stringify(headers).slice(0, 300)}${sent}`;
}

/**
 * Sends requests, some at a time.
 *
 * @param {string} base the server's address
 * @param {{ seed: number, requests: number, signal?: AbortSignal, onChunk?: (sent: number) => Promise<void> }} options
 * @returns {Promise<FuzzResult>}
 */
export async function fuzz(base, { seed, requests, signal, onChunk = async () => {} }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  try {
    return await withCanary(async (canary) => {
      const arbitrary = await makeRequests(canary);
      const statuses = {};
      const faults = [];
      for (let sent = 0; sent < requests; sent += CHUNK) {
        signal?.throwIfAborted();
        const chunkSeed = seed + sent / CHUNK;
        const chunk = fc.sample(arbitrary, { seed: chunkSeed, numRuns: Math.min(CHUNK, requests - sent) });
        const waiting = chunk.map((request, index) => ({ request, index }));
        const sendAll = async () => {
          for (let next = waiting.shift(); next; next = waiting.shift()) {
            const { request, index } = next;
            const answer = await sendAgain(base, agent, request);
            const fault = answer instanceof Error ? answer.message : faultOf(request, answer);
            if (fault) faults.push({ seed: chunkSeed, index, request: describe(request), fault });
            if (!(answer instanceof Error)) statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
          }
        };
        await Promise.all(Array.from({ length: CONCURRENCY }, sendAll));
        await onChunk(Math.min(sent + CHUNK, requests));
      }
      return { requests, statuses, faults };
    });
  } finally {
    agent.destroy();
  }
}

/** A connection that is kept may be closed by the server just as it is used again: that alone is no fault. */
async function sendAgain(base, agent, request) {
  try {
    return await send(base, agent, request);
  } catch (thrown) {
    if (thrown.code !== "ECONNRESET" && thrown.code !== "EPIPE") return thrown;
    return await send(base, undefined, request).catch((again) => again);
  }
}
