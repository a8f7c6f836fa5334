/** What visitors send: photos to caption and to ask about, and lines to write. */
import { request as httpRequest } from "node:http";
import { freshCopy } from "../bench/photos.mjs";

const QUESTIONS = ["How many dogs are there?", "What color is the ball?", "What is the man doing?"];
const LINES = ["Dear reader, this was written by a network", "a line that somebody typed a moment ago"];

/** How often each kind of request comes; together 1. */
export const SHARES = { caption: 0.4, question: 0.2, "question, kept photo": 0.2, line: 0.2 };

/** @param {Record<string, Buffer | string>} fields a `Buffer` is the photo's file */
function form(fields) {
  const boundary = "inkling-load";
  const parts = Object.entries(fields).flatMap(([name, value]) => {
    const isFile = Buffer.isBuffer(value);
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${
      isFile ? '; filename="photo.jpg"\r\ncontent-type: image/jpeg' : ""
    }\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(value), Buffer.from("\r\n")];
  });
  const body = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return { headers: { "content-type": `multipart/form-data; boundary=${boundary}` }, body };
}

/**
 * Makes requests of each kind.
 *
 * @param {readonly { bytes: Buffer }[]} samples
 * @param {string} keptSha256 of a photo that was sent before
 * @returns {Record<keyof SHARES, (index: number) => { path: string, headers: Record<string, string>, body: Buffer }>}
 */
export function createTraffic(samples, keptSha256) {
  const photo = (index) => freshCopy(samples[index % samples.length].bytes);
  const question = (index) => QUESTIONS[index % QUESTIONS.length];
  return {
    caption: (index) => ({ path: "/api/captioning", ...form({ image: photo(index) }) }),
    question: (index) => ({ path: "/api/vqa", ...form({ image: photo(index), question: question(index) }) }),
    "question, kept photo": (index) => ({
      path: "/api/vqa",
      ...form({ imageSha256: keptSha256, question: question(index) }),
    }),
    line: (index) => ({
      path: "/api/handwriting",
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify({ text: LINES[index % LINES.length], seed: index })),
    }),
  };
}

/** Picks a kind by its share; `random` is from 0 to 1. */
export function pickKind(random, shares = SHARES) {
  let sum = 0;
  for (const [kind, share] of Object.entries(shares)) {
    sum += share;
    if (random < sum) return kind;
  }
  return Object.keys(shares).at(-1);
}

/** An address of the loopback network (127.0.0.0/8), so that the server sees as many clients as there are visitors. */
export function visitorAddress(index) {
  return `127.${1 + (Math.floor(index / 64_770) % 254)}.${Math.floor(index / 254) % 255}.${1 + (index % 254)}`;
}

/**
 * Sends one request and reads its answer to the end.
 *
 * @param {string} url of the server
 * @param {{ path: string, headers: Record<string, string>, body: Buffer }} message
 * @param {{ address?: string, signal?: AbortSignal }} options `address`: whom it comes from
 * @returns {Promise<{ status: number, milliseconds: number, text: string }>} `status` is 0 where the connection broke
 */
export function send(url, { path, headers, body }, { address = "127.0.0.1", signal } = {}) {
  const start = performance.now();
  return new Promise((resolve) => {
    const done = (status, text) => resolve({ status, milliseconds: performance.now() - start, text });
    const outgoing = httpRequest(new URL(path, url), {
      method: "POST",
      headers: { ...headers, "content-length": String(body.length) },
      localAddress: address,
      agent: false,
      signal,
    });
    outgoing.on("error", () => done(0, ""));
    outgoing.on("response", (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", () => done(0, ""));
      response.on("end", () => done(response.statusCode, Buffer.concat(chunks).toString()));
    });
    outgoing.end(body);
  });
}
