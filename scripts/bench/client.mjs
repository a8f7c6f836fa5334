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
 * How many photos or questions a model of the server has seen, in how many batches.
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
