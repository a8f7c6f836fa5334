/** A client of the app's API. */
import { Stop } from "../command.mjs";

/**
 * Captions one photo.
 *
 * @param {string} url of the server
 * @param {Buffer} bytes of the photo
 * @param {{ beamWidth?: number, count?: number }} options what is not said is left to the API
 * @param {AbortSignal} signal
 * @returns {Promise<{ milliseconds: number, answer: import("../../app/api/captioning/schema").CaptioningResponse }>} the time
 *   from sending the request to having read the answer
 */
export async function caption(url, bytes, options, signal) {
  return await post(`${url}/api/captioning`, { image: bytes, ...options }, signal);
}

/**
 * Asks one question.
 *
 * @param {string} url of the server
 * @param {{ image?: Buffer, imageSha256?: string, question: string }} fields a photo, or the hash of one that was sent before
 * @param {AbortSignal} signal
 * @returns {Promise<{ milliseconds: number, answer: import("../../app/api/vqa/schema").VqaResponse }>} as `caption` does
 */
export async function ask(url, fields, signal) {
  return await post(`${url}/api/vqa`, fields, signal);
}

/**
 * Has a text written by hand.
 *
 * @param {string} url of the server
 * @param {{ text: string, seed: number, bias: number }} fields
 * @returns {Promise<import("../../app/api/handwriting/schema").HandwritingResponse>}
 */
export async function write(url, fields, signal) {
  return await (await postJson(url, "application/json", fields, signal)).json();
}

/**
 * Has a text written by hand and reads the ink as it comes, to its end.
 *
 * @returns {Promise<number>} milliseconds from sending the request to the first ink
 */
export async function timeFirstInk(url, fields, signal) {
  const start = performance.now();
  const { body } = await postJson(url, "application/x-ndjson", fields, signal);
  let text = "";
  let milliseconds;
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    // A line is an event; the last one may not be complete.
    if (milliseconds === undefined && hasInk(text.slice(0, text.lastIndexOf("\n") + 1))) {
      milliseconds = performance.now() - start;
    }
  }
  const last = text.trim().split("\n").at(-1);
  if (milliseconds === undefined || JSON.parse(last).type !== "result") {
    throw new Stop(`The server did not write a line to its end, but said: ${last}`);
  }
  return milliseconds;
}

const hasInk = (lines) => lines.split("\n").some((line) => line !== "" && JSON.parse(line).type === "strokes");

async function postJson(url, accept, fields, signal) {
  const headers = { "content-type": "application/json", accept };
  const options = { method: "POST", headers, body: JSON.stringify(fields), signal };
  const response = await fetch(`${url}/api/handwriting`, options);
  if (!response.ok) throw new Stop(`The server answered ${response.status}: ${(await response.json()).detail}`);
  return response;
}

/** @param {Record<string, Buffer | string | number>} fields a `Buffer` is the photo's file */
async function post(address, fields, signal) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (Buffer.isBuffer(value)) body.set(name, new Blob([value], { type: "image/jpeg" }), "photo.jpg");
    else body.set(name, String(value));
  }
  const start = performance.now();
  const response = await fetch(address, { method: "POST", body, signal });
  const answer = await response.json();
  const milliseconds = performance.now() - start;
  if (!response.ok) throw new Stop(`The server answered ${response.status}: ${answer.detail}`);
  return { milliseconds, answer };
}

/**
 * How many photos, questions or lines a model of the server has seen, in how many batches; a line counts in each of its chunks.
 *
 * @param {string} model as `/api/metrics` names it
 * @returns {Promise<{ items: number, batches: number }>}
 */
export async function readBatches(url, model, signal) {
  const text = await (await fetch(`${url}/api/metrics`, { signal })).text();
  return {
    items: readMetric(text, `inkling_batch_size_sum{model="${model}"}`),
    batches: readMetric(text, `inkling_batch_size_count{model="${model}"}`),
  };
}

/**
 * @param {string} text in Prometheus' format
 * @param {string} name with its labels, e.g. `inkling_batch_size_sum{model="vision"}`
 * @returns {number} 0 where it is absent: nothing has been counted yet
 */
export function readMetric(text, name) {
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length));
}
