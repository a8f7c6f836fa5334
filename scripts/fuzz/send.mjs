/** Sends a fuzzed request, and says what is wrong with the answer. */
import { request as httpRequest } from "node:http";

/** Longer than the server's own time limit. */
const PATIENCE_MS = 60_000;

/** What no answer may hold: stacks, paths, and what the server is built of. */
const INSIDES = /node_modules|\bat [\w.<>]+ \(|file:\/\/\/|\/build\/server|\.next\/|ERR_[A-Z_]+|vips|onnxruntime/i;

/** @returns {Promise<{ status: number, headers: import("node:http").IncomingHttpHeaders, body: Buffer }>} */
export function send(base, agent, { method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    // Node adds none to a GET, and its body would be taken for another request.
    const framed = body ? { ...headers, "content-length": body.length } : headers;
    const options = { agent, hostname, port, method, path, headers: framed, timeout: PATIENCE_MS };
    const sent = httpRequest(options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
    sent.on("error", reject);
    sent.end(body);
  });
}

/**
 * @param {import("./requests.mjs").FuzzRequest} request
 * @param {Awaited<ReturnType<typeof send>>} answer
 * @returns {string | undefined} what is wrong
 */
export function faultOf({ method, path }, { status, headers, body }) {
  if (status >= 500 && status !== 503 && status !== 504) return `status ${status}`;
  const text = body.toString("latin1");
  const isApi = /^\/api(?:[/?]|$)/.test(path);
  const isProblem = headers["content-type"] === "application/problem+json";
  // Pages hold their own code, and the models' files anything.
  if ((isProblem || status >= 400) && INSIDES.test(text) && !text.startsWith("<!DOCTYPE html>")) {
    return `the answer tells of the server's insides: ${INSIDES.exec(text)?.[0]}`;
  }
  if (headers["x-injected"] !== undefined) return "a header was injected";
  if (!isApi || status < 400 || !headers["x-request-id"]) return undefined;
  if (!isProblem) return `a failure of type ${headers["content-type"]}`;
  if (method === "HEAD") return undefined;
  const problem = JSON.parse(body.toString());
  return problem.status === status && problem.code && problem.suggestion ? undefined : "a problem without code";
}
