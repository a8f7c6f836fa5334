/** Requests to every route: valid ones, and what becomes of them when a client, or somebody else, spoils them. */
import fc from "fast-check";
import { inferenceRequests, readCalls } from "./inference.mjs";
import { ABSENT, readPaths } from "./paths.mjs";
import { makeOtherFiles, makePhotos } from "./photos.mjs";
import { headerValue, jsonValues, MARKER, strings } from "./strings.mjs";

/** @typedef {{ method: string, path: string, headers: Record<string, string>, body?: Buffer }} FuzzRequest */

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND"];

/** Headers that Next, proxies or the routes themselves look at. */
const HEADERS = [
  "accept",
  "accept-language",
  "content-encoding",
  "content-type",
  "cookie",
  "if-none-match",
  "next-action",
  "next-router-prefetch",
  "next-router-state-tree",
  "next-url",
  "origin",
  "range",
  "rsc",
  "traceparent",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-inkling-peer",
  "x-middleware-subrequest",
  "x-nextjs-data",
];

/** A path as it is sent: anything but what would end the request's first line. */
const pathValue = (text) => encodeURI(text.toWellFormed()).replace(/[^\x21-\x7e]/g, "%20");

/** @param {readonly [string, string | { type: string, bytes: Buffer }][]} fields */
function toForm(fields, boundary = "----fuzz") {
  const parts = fields.flatMap(([name, value]) => {
    const quoted = name.replace(/["\r\n]/g, "_");
    const head =
      typeof value === "string"
        ? `content-disposition: form-data; name="${quoted}"\r\n\r\n`
        : `content-disposition: form-data; name="${quoted}"; filename="${MARKER}.jpg"\r\ncontent-type: ${value.type}\r\n\r\n`;
    const content = typeof value === "string" ? Buffer.from(value) : value.bytes;
    return [Buffer.from(`--${boundary}\r\n${head}`), content, Buffer.from("\r\n")];
  });
  const body = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return { headers: { "content-type": `multipart/form-data; boundary=${boundary}` }, body };
}

/** Photos whole, cut off, with bytes changed, and other files. */
function files(photos, others) {
  const whole = fc.constantFrom(...photos);
  const cut = fc
    .tuple(whole, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([{ type, bytes }, share]) => ({ type, bytes: bytes.subarray(0, Math.floor(share * bytes.length)) }));
  const change = fc.tuple(
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.integer({ min: 0, max: 255 }),
  );
  const changed = fc
    .tuple(whole, fc.array(change, { minLength: 1, maxLength: 8 }))
    .map(([{ type, bytes }, changes]) => {
      const copy = Buffer.from(bytes);
      for (const [at, byte] of changes) copy[Math.floor(at * copy.length)] = byte;
      return { type, bytes: copy };
    });
  return fc.oneof(
    { arbitrary: whole, weight: 2 },
    { arbitrary: cut, weight: 1 },
    { arbitrary: changed, weight: 2 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  );
}

/** Null, and once in so many times something. */
const rarely = (arbitrary, times) =>
  fc.oneof({ arbitrary: fc.constant(null), weight: times - 1 }, { arbitrary, weight: 1 });

/** Fields as they should be, then some left out, repeated, renamed or given another value. */
function fields(valid, names, values) {
  const edit = fc.record({
    kind: fc.constantFrom("drop", "repeat", "replace", "rename", "add"),
    at: fc.nat(),
    name: fc.oneof(fc.constantFrom(...valid.map(([name]) => name), "url", "imageUrl"), names),
    value: values,
  });
  return fc.array(edit, { maxLength: 3 }).map((edits) => {
    const result = valid.map((pair) => [...pair]);
    for (const { kind, at, name, value } of edits) {
      const pair = result[at % Math.max(1, result.length)];
      if (kind === "add" || !pair) result.push([name, value]);
      else if (kind === "drop") result.splice(result.indexOf(pair), 1);
      else if (kind === "repeat") result.push([...pair]);
      else if (kind === "rename") pair[0] = name;
      else pair[1] = value;
    }
    return result;
  });
}

const query = (pairs) => new URLSearchParams(pairs.filter(([, value]) => typeof value === "string")).toString();

/**
 * @param {string} canary an address to which nobody may connect
 * @returns {Promise<import("fast-check").Arbitrary<FuzzRequest>>}
 */
export async function makeRequests(canary) {
  const text = strings(canary);
  const paths = [...(await readPaths()), ...ABSENT];
  const calls = await readCalls();
  const file = files(await makePhotos(), makeOtherFiles(canary));

  const withPhoto = (path, valid) => {
    const form = fc
      .tuple(file, fields(valid, text, text), fc.boolean())
      .map(([photo, rest, first]) => toForm(first ? [["image", photo], ...rest] : [...rest, ["image", photo]]))
      .map((sent) => ({ method: "POST", path, ...sent }));
    const raw = fc.tuple(file, fields(valid, text, text)).map(([{ type, bytes }, rest]) => ({
      method: "POST",
      path: `${path}?${query(rest)}`,
      headers: { "content-type": type },
      body: bytes,
    }));
    const withoutPhoto = fields([["imageSha256", "0".repeat(64)], ...valid], text, text).map((rest) => ({
      method: "POST",
      path,
      ...toForm(rest),
    }));
    return fc.oneof({ arbitrary: form, weight: 3 }, { arbitrary: raw, weight: 2 }, withoutPhoto);
  };

  // Small and quick where they are valid: what is looked for is not speed.
  const captioning = withPhoto("/api/captioning", [
    ["beamWidth", "1"],
    ["rerank", "false"],
  ]);
  const vqa = withPhoto("/api/vqa", [
    ["question", `What is ${MARKER}?`],
    ["count", "3"],
  ]);
  const writing = [
    ["text", "Ink"],
    ["seed", 7],
    ["bias", 1],
    ["lineWidth", 40],
    ["style", null],
    [
      "prime",
      {
        strokes: [
          [
            [0, 0],
            [5, 9],
            [9, 0],
          ],
          [
            [12, 0],
            [14, 8],
          ],
        ],
        text: "v",
      },
    ],
    ["dream", 1],
  ];
  const anything = jsonValues(canary);
  const object = (valid) => fields(valid, text, anything).map((pairs) => JSON.stringify(Object.fromEntries(pairs)));
  const json = fc.oneof(
    { arbitrary: object(writing.slice(0, 4)), weight: 3 },
    { arbitrary: object(writing), weight: 2 },
    anything.map((value) => JSON.stringify(value)),
    text,
    fc.nat({ max: 20_000 }).map((depth) => "[".repeat(depth)),
  );
  const handwriting = fc
    .tuple(json, fc.constantFrom("application/json", "application/x-ndjson", "image/svg+xml", "*/*"))
    .map(([body, accept]) => ({
      method: "POST",
      path: "/api/handwriting",
      headers: { "content-type": "application/json", accept },
      body: Buffer.from(body),
    }));
  const toJson = (path, valid) =>
    fc
      .oneof(
        { arbitrary: object(valid), weight: 4 },
        anything.map((value) => JSON.stringify(value)),
        text,
      )
      .map((body) => ({
        method: "POST",
        path,
        headers: { "content-type": "application/json" },
        body: Buffer.from(body),
      }));
  const language = toJson("/api/language", [
    ["text", "It is a truth"],
    ["length", 5],
    ["temperature", 0.7],
    ["seed", 7],
    ["units", [0, 1]],
  ]);
  const translation = toJson("/api/translation", [
    ["text", "Where is the station?"],
    ["variant", "plain"],
    ["beamWidth", 3],
    ["count", 2],
    ["alternatives", 2],
  ]);
  const stories = toJson("/api/stories", [
    ["story", ["Mary went to the kitchen.", `John took the ${MARKER}.`]],
    ["question", "Where is Mary?"],
    ["count", 3],
  ]);
  const picture = fields(
    [
      ["text", "Ink"],
      ["seed", "7"],
      ["style", "none"],
      ["color", "black"],
    ],
    text,
    text,
  ).map((pairs) => ({ method: "GET", path: `/api/handwriting?${query(pairs)}`, headers: {} }));
  const read = fc
    .tuple(fc.constantFrom(...paths), rarely(fields([["photo", "cat"]], text, text), 2), rarely(text, 4))
    .map(([path, pairs, below]) => {
      const [address, sent] = (below === null ? path : `${path.split("?")[0]}/${pathValue(below)}`).split("?");
      const asked = pairs === null ? sent : query(pairs);
      return { method: "GET", path: asked ? `${address}?${asked}` : address, headers: {} };
    });
  const image = text.map((url) => ({
    method: "GET",
    path: `/_next/image?${query([
      ["url", url.toWellFormed()],
      ["w", "640"],
      ["q", "60"],
    ])}`,
    headers: {},
  }));
  const seeds = fc.oneof(
    { arbitrary: captioning, weight: 4 },
    { arbitrary: vqa, weight: 4 },
    { arbitrary: handwriting, weight: 4 },
    { arbitrary: language, weight: 3 },
    { arbitrary: translation, weight: 4 },
    { arbitrary: stories, weight: 3 },
    { arbitrary: picture, weight: 2 },
    { arbitrary: read, weight: 6 },
    { arbitrary: image, weight: 1 },
    { arbitrary: inferenceRequests(calls, text, anything), weight: 3 },
  );

  const spoil = fc.record({
    method: rarely(fc.constantFrom(...METHODS), 8),
    headers: fc.array(fc.tuple(fc.constantFrom(...HEADERS), text), { maxLength: 2 }),
    cut: rarely(fc.double({ min: 0, max: 1, noNaN: true }), 12),
    path: rarely(fc.constantFrom("/%00", "/%", "/..%2f..%2f", "//", "/%E0%A4%A", ";a=b", "/.", "?", "%2e"), 20),
  });
  return fc.tuple(seeds, spoil).map(([request, { method, headers, cut, path }]) => ({
    method: method ?? request.method,
    path: path === null ? request.path : `${request.path.split("?")[0]}${path}`,
    headers: { ...request.headers, ...Object.fromEntries(headers.map(([name, value]) => [name, headerValue(value)])) },
    body: cut === null ? request.body : request.body?.subarray(0, Math.floor(cut * request.body.length)),
  }));
}
