/** Calls of the models under /v2: valid ones, as JSON and with the tensors as bytes behind it, and what becomes of them. */
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { headerValue } from "./strings.mjs";

/**
 * @typedef {{ name: string, datatype: string, shape: number[], value: number | boolean }} Tensor each of its elements the same
 * @typedef {{ model: string, tensors: Tensor[] }} Call
 */

/** Files of the manifest that are served, by their models' names. */
const GRAPHS = {
  "vision-encoder": "vision/encoder.onnx",
  "vqa-prepare": "vqa/prepare.onnx",
  "vqa-answer": "vqa/answer.onnx",
  "handwriting-synthesizer": "handwriting/synthesizer.onnx",
  "handwriting-reader": "handwriting/reader.onnx",
  "stories-answer": "stories/answer.onnx",
  "language-writer": "language/writer.onnx",
};

/** @param {readonly number[]} regions the shape of a photo's regions */
const captioning = (regions) => [
  { name: "regions", datatype: "FP32", shape: regions, value: 0 },
  { name: "beamWidth", datatype: "INT32", shape: [1, 1], value: 1 },
  { name: "count", datatype: "INT32", shape: [1, 1], value: 1 },
  { name: "rerank", datatype: "BOOL", shape: [1, 1], value: false },
];

/** @returns {Promise<Call[]>} one of each model, which the server answers with 200 */
export async function readCalls() {
  const { models } = JSON.parse(await readFile("models/manifest.json", "utf8"));
  const files = Object.values(models).flatMap((model) => model.files);
  const calls = Object.entries(GRAPHS).map(([model, path]) => ({
    model,
    tensors: files
      .find((file) => file.path === path)
      .inputs.map(({ name, type, shape }) => ({
        name,
        datatype: type === "int32" ? "INT32" : "FP32",
        // The reader of handwriting takes three points for a frame, several times over.
        shape: shape.map((size) => (typeof size === "number" ? size : size === "points" ? 24 : 1)),
        value: 0,
      })),
  }));
  const { shape } = calls.find(({ model }) => model === "vqa-prepare").tensors[0];
  return [{ model: "captioning", tensors: captioning(shape) }, ...calls];
}

const countOf = (shape) => shape.reduce((product, size) => product * size, 1);

/** The elements' bytes, as the protocol has them: little-endian. */
function toBytes({ datatype, shape, value }) {
  const count = countOf(shape);
  if (datatype === "BOOL") return Buffer.alloc(count, Number(value));
  const Numbers = datatype === "INT32" ? Int32Array : Float32Array;
  return Buffer.from(new Numbers(count).fill(value).buffer);
}

/** What is changed of a call; `at` says of which tensor, and where. */
function edits(text, anything) {
  return fc.record({
    kind: fc.constantFrom("drop", "repeat", "rename", "shape", "datatype", "data", "element", "header", "length"),
    at: fc.nat(),
    name: fc.oneof(fc.constantFrom("id", "parameters", "outputs", "inputs", "__proto__"), text),
    value: anything,
    shape: fc.array(fc.oneof(fc.nat({ max: 70 }), fc.integer()), { maxLength: 5 }),
    datatype: fc.constantFrom("BOOL", "UINT8", "INT32", "INT64", "FP32", "FP64", "BYTES", "FP16", "toString"),
  });
}

/** @typedef {{ kind: string, at: number, name: string, value: unknown, shape: number[], datatype: string }} Edit */

/**
 * Makes an edit of a tensor; those of the message as a whole are `toRequest`'s.
 *
 * @param {Edit} edit
 * @param {object[]} inputs as the JSON has them
 * @param {Buffer[]} contents the tensors' bytes
 */
function change({ kind, at, name, value, shape, datatype }, inputs, contents) {
  const place = at % Math.max(1, inputs.length);
  const input = inputs[place];
  if (!input) return;
  if (kind === "drop") inputs.splice(place, 1);
  else if (kind === "repeat") inputs.push({ ...input });
  else if (kind === "rename") input.name = name;
  else if (kind === "shape") input.shape = shape;
  else if (kind === "datatype") input.datatype = datatype;
  else if (kind === "data") input[input.data ? "data" : "parameters"] = value;
  else if (kind === "element" && Array.isArray(input.data)) input.data[at % input.data.length] = value;
  else if (kind === "element") {
    const bytes = contents[at % contents.length];
    bytes.fill(at % 256, 0, Math.min(bytes.length, 1 + (at % 4)));
  }
}

/**
 * A call as it is sent.
 *
 * @param {Call} call
 * @param {boolean} asBytes by the protocol's extension for binary tensors
 * @param {readonly Edit[]} made what is wrong with it; default: nothing
 * @returns {import("./requests.mjs").FuzzRequest}
 */
export function toRequest({ model, tensors }, asBytes, made = []) {
  const contents = tensors.map(toBytes);
  const inputs = tensors.map(({ name, datatype, shape, value }, index) => ({
    name,
    datatype,
    shape,
    ...(asBytes
      ? { parameters: { binary_data_size: contents[index].length } }
      : { data: Array(countOf(shape)).fill(value) }),
  }));
  for (const edit of made) change(edit, inputs, contents);
  const added = made.filter(({ kind }) => kind === "header").map(({ name, value }) => [name, value]);
  const header = { id: "7", parameters: { binary_data_output: asBytes }, inputs, ...Object.fromEntries(added) };
  const json = Buffer.from(JSON.stringify(header));
  const wrong = made.find(({ kind }) => kind === "length");
  const length = wrong ? headerValue(JSON.stringify(wrong.value).slice(0, 100)) : String(json.length);
  return {
    method: "POST",
    path: `/v2/models/${model}/infer`,
    headers: asBytes
      ? { "content-type": "application/octet-stream", "inference-header-content-length": length }
      : { "content-type": "application/json" },
    body: asBytes ? Buffer.concat([json, ...contents]) : json,
  };
}

/**
 * @param {Awaited<ReturnType<typeof readCalls>>} calls
 * @param {import("fast-check").Arbitrary<string>} text
 * @param {import("fast-check").Arbitrary<unknown>} anything
 * @returns {import("fast-check").Arbitrary<import("./requests.mjs").FuzzRequest>}
 */
export function inferenceRequests(calls, text, anything) {
  const spoiled = fc
    .tuple(fc.constantFrom(...calls), fc.boolean(), fc.array(edits(text, anything), { maxLength: 2 }))
    .map(([call, asBytes, made]) => toRequest(call, asBytes, made));
  const other = fc.tuple(fc.constantFrom(...calls), anything).map(([{ model }, value]) => ({
    method: "POST",
    path: `/v2/models/${model}/infer`,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(value)),
  }));
  return fc.oneof({ arbitrary: spoiled, weight: 4 }, other);
}
