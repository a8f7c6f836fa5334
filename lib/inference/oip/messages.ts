/**
 * Requests and answers of the Open Inference Protocol v2, which are one format: a JSON object that lists tensors, as numbers in
 * it or, by the binary tensor extension, as bytes behind it.
 *
 * Sources: kserve/open-inference-protocol, `inference_rest.md`; triton-inference-server, `extension_binary_data.md`.
 */
import { z } from "zod";
import type { Tensor } from "../engine";
import { InklingError } from "../errors";

/** What crosses the network: a graph's tensors, and what tasks need beside them. Strings are in row-major order too. */
export type WireTensor =
  | Tensor
  | { readonly type: "float64"; readonly data: Float64Array; readonly dims: readonly number[] }
  | { readonly type: "string"; readonly data: readonly string[]; readonly dims: readonly number[] };

export type WireType = WireTensor["type"];
export type WireTensors = Readonly<Record<string, WireTensor>>;

/** Where a message lists its tensors: requests as `inputs`, answers as `outputs`. */
export type TensorList = "inputs" | "outputs";

export interface Message {
  /** The JSON object without its tensors. */
  readonly header: Readonly<Record<string, unknown>>;
  readonly tensors: WireTensors;
}

export interface EncodedMessage {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Length of the JSON at the body's beginning, for `inference-header-content-length`; undefined where there is nothing else. */
  readonly jsonBytes: number | undefined;
}

/** The header that says where the JSON ends and the tensors' bytes begin. */
export const JSON_LENGTH_HEADER = "inference-header-content-length";

export const DATATYPES = {
  bool: "BOOL",
  uint8: "UINT8",
  int32: "INT32",
  int64: "INT64",
  float32: "FP32",
  float64: "FP64",
  string: "BYTES",
} as const satisfies Record<WireType, string>;

/** Bytes of one element; strings have a length of four bytes before each. */
const BYTES_PER_ELEMENT = { bool: 1, uint8: 1, int32: 4, int64: 8, float32: 4, float64: 8 } as const;

const ARRAYS = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

const MAX_TENSORS = 64;
const MAX_DIMENSIONS = 8;

const tensorSchema = z.object({
  name: z.string().min(1).max(100),
  shape: z.array(z.int().min(0)).max(MAX_DIMENSIONS),
  datatype: z.enum(Object.values(DATATYPES) as [string, ...string[]]),
  parameters: z.object({ binary_data_size: z.int().min(0).optional() }).optional(),
  // Not looked into here: a schema for each number would take longer than the model.
  data: z.custom<readonly unknown[]>(Array.isArray, { error: "must be a list" }).optional(),
});

/**
 * @param header - what the JSON says beside its tensors
 * @param isBinary - whether a tensor's bytes stand behind the JSON
 */
export function encodeMessage(
  header: Readonly<Record<string, unknown>>,
  list: TensorList,
  tensors: WireTensors,
  isBinary: (name: string) => boolean,
): EncodedMessage {
  const behind: Uint8Array[] = [];
  const described = Object.entries(tensors).map(([name, tensor]) => {
    const about = { name, shape: tensor.dims, datatype: DATATYPES[tensor.type] };
    if (!isBinary(name)) return { ...about, data: toJson(tensor) };
    const bytes = toBytes(tensor);
    behind.push(bytes);
    return { ...about, parameters: { binary_data_size: bytes.length } };
  });
  const json = new TextEncoder().encode(JSON.stringify({ ...header, [list]: described }));
  if (behind.length === 0) return { body: json, jsonBytes: undefined };
  return { body: concatenate([json, ...behind]), jsonBytes: json.length };
}

/**
 * @param jsonBytes - as `EncodedMessage` has it
 * @throws `InklingError` with code `invalid_body` or `invalid_field`, saying what is wrong
 */
export function decodeMessage(body: Uint8Array, list: TensorList, jsonBytes: number | undefined): Message {
  const end = jsonBytes ?? body.length;
  if (end > body.length) throw invalidBody("its header ends behind the body");
  const { [list]: listed, ...header } = parseObject(body.subarray(0, end));
  if (!Array.isArray(listed)) throw invalidBody(`it has no list named ${list}`);
  if (listed.length > MAX_TENSORS) throw invalidBody(`it has more than ${MAX_TENSORS} tensors`);
  let offset = end;
  const tensors: Record<string, WireTensor> = Object.create(null);
  for (const [index, each] of listed.entries()) {
    const parsed = tensorSchema.safeParse(each);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw invalidField(
        `The field ${[list, index, ...(issue?.path ?? [])].join(".")} is not valid: ${issue?.message}`,
      );
    }
    const { name, shape, datatype, parameters, data } = parsed.data;
    if (name in tensors) throw invalidField(`There are two ${list} named ${name}`);
    const type = (Object.keys(DATATYPES) as WireType[]).find((key) => DATATYPES[key] === datatype) as WireType;
    const count = shape.reduce((product, size) => product * size, 1);
    const size = parameters?.binary_data_size;
    if ((size === undefined) === (data === undefined)) {
      throw invalidField(`The tensor ${name} must have either data or binary_data_size`);
    }
    if (size === undefined) {
      tensors[name] = fromJson(name, type, shape, count, data as readonly unknown[]);
    } else {
      if (offset + size > body.length) throw invalidBody(`it ends before the tensor ${name}`);
      tensors[name] = fromBytes(name, type, shape, count, body.subarray(offset, offset + size));
      offset += size;
    }
  }
  if (offset !== body.length) throw invalidBody(`${body.length - offset} bytes belong to none of its tensors`);
  return { header, tensors };
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalidBody("it is not JSON in UTF-8", cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalidBody("it is not an object");
  return value as Record<string, unknown>;
}

function toJson({ type, data }: WireTensor): unknown[] {
  if (type === "bool") return Array.from(data as Uint8Array, (value) => value !== 0);
  if (type === "int64") return Array.from(data as BigInt64Array, Number);
  return Array.from<unknown>(data);
}

function toBytes({ type, data }: WireTensor): Uint8Array {
  if (type !== "string") {
    const { buffer, byteOffset, byteLength } = data as Exclude<WireTensor, { type: "string" }>["data"];
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  }
  const texts = (data as readonly string[]).map((text) => new TextEncoder().encode(text));
  return concatenate(texts.flatMap((text) => [new Uint8Array(Uint32Array.of(text.length).buffer), text]));
}

function fromBytes(name: string, type: WireType, dims: number[], count: number, bytes: Uint8Array): WireTensor {
  if (type === "string") {
    const texts = splitTexts(name, bytes);
    if (texts.length !== count) throw wrongCount(name, dims, texts.length);
    return { type, data: texts, dims };
  }
  if (bytes.length !== count * BYTES_PER_ELEMENT[type]) {
    throw invalidField(
      `The tensor ${name} has ${bytes.length} bytes where its shape and datatype make ${count * BYTES_PER_ELEMENT[type]}`,
    );
  }
  if (type === "bool" && bytes.some((value) => value > 1))
    throw invalidField(`The tensor ${name} has a byte beside 0 and 1`);
  // A copy: the bytes may begin anywhere, a typed array cannot.
  const data = new ARRAYS[type](new Uint8Array(bytes).buffer);
  return { type, data, dims } as WireTensor;
}

function splitTexts(name: string, bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const from = offset + 4;
    const to = from <= bytes.length ? from + view.getUint32(offset, true) : Number.POSITIVE_INFINITY;
    if (to > bytes.length) throw invalidField(`The tensor ${name} ends within a string`);
    texts.push(new TextDecoder().decode(bytes.subarray(from, to)));
    offset = to;
  }
  return texts;
}

function fromJson(name: string, type: WireType, dims: number[], count: number, data: readonly unknown[]): WireTensor {
  // Nested lists are allowed, and mean the same.
  const values = data.some(Array.isArray) ? data.flat(MAX_DIMENSIONS) : data;
  if (values.length !== count) throw wrongCount(name, dims, values.length);
  const wrong = values.find((value) => !isElement(type, value));
  if (wrong !== undefined || values.includes(undefined)) {
    throw invalidField(`The tensor ${name} has an element that is no ${DATATYPES[type]}`);
  }
  if (type === "string") return { type, data: values as string[], dims };
  if (type === "int64") return { type, data: BigInt64Array.from(values as number[], BigInt), dims };
  return { type, data: (ARRAYS[type] as Float32ArrayConstructor).from(values as number[], Number), dims } as WireTensor;
}

function isElement(type: WireType, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "bool":
      return typeof value === "boolean" || value === 0 || value === 1;
    case "float32":
    case "float64":
      return typeof value === "number";
    case "uint8":
      return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 8;
    case "int32":
      return Number.isInteger(value) && Math.abs((value as number) + 0.5) < 2 ** 31;
    case "int64":
      return Number.isSafeInteger(value);
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function wrongCount(name: string, dims: readonly number[], received: number): InklingError {
  return invalidField(`The tensor ${name} of shape [${dims.join(", ")}] has ${received} elements`);
}

function invalidField(detail: string): InklingError {
  return new InklingError("invalid_field", `${detail}.`, "Correct the tensor.");
}

function invalidBody(reason: string, cause?: unknown): InklingError {
  return new InklingError(
    "invalid_body",
    `The body is no message of the Open Inference Protocol v2: ${reason}.`,
    "Let a client library of the protocol build it.",
    { cause },
  );
}
