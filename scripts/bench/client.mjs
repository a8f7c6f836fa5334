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
  const body = new FormData();
  body.set("image", new Blob([bytes], { type: "image/webp" }), "photo.webp");
  for (const [name, value] of Object.entries(options)) body.set(name, String(value));
  const start = performance.now();
  const response = await fetch(`${url}/api/captioning`, { method: "POST", body, signal });
  const answer = await response.json();
  const milliseconds = performance.now() - start;
  if (!response.ok) throw new Stop(`The server answered ${response.status}: ${answer.detail}`);
  return { milliseconds, answer };
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
