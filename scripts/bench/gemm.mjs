/** The machine's arithmetic limits: the rates of large matrix products in ONNX Runtime itself, in fp32 and in int8. */
import { rm } from "node:fs/promises";
import { median, repeat, time } from "./measure.mjs";

const SIZES = [512, 1024, 2048];
/** One product takes less than a tenth of a second: more of them cost little and steady the median. */
const PRODUCTS_A_RUN = 4;

/** `TensorProto.DataType` of int8. */
const INT8 = 3;

const shape = ["rows", "columns"];

/** One product of two square matrices, both given at run time. */
const FP32 = {
  inputs: ["a", "b"].map((name) => ({ name, type: "float32", shape })),
  outputs: [{ name: "c", type: "float32", shape }],
  nodes: [{ op: "MatMul", inputs: ["a", "b"], outputs: ["c"] }],
};

/** One product of unsigned by signed bytes, the latter being weights, as in the encoder. */
function int8Product(size) {
  return {
    inputs: [{ name: "a", type: "uint8", shape }],
    outputs: [{ name: "c", type: "int32", shape }],
    nodes: [
      { op: "Cast", inputs: ["bytes"], outputs: ["b"], attributes: { to: { int: INT8 } } },
      { op: "MatMulInteger", inputs: ["a", "b"], outputs: ["c"] },
    ],
    initializers: { bytes: randomBytes(size) },
  };
}

function randomBytes(size) {
  // Up to 127: what a signed byte holds as well.
  const data = Uint8Array.from({ length: size * size }, () => Math.random() * 128);
  return { type: "uint8", data, dims: [size, size] };
}

function randomFloats(size) {
  return { type: "float32", data: Float32Array.from({ length: size * size }, Math.random), dims: [size, size] };
}

/**
 * @param {typeof import("./library")} library
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ precision: "fp32" | "int8", size: number, multiplyAddsPerSecond: number }[]>} for each size the median
 */
export async function measureGemm({ createNodeEngine, env, writeModels }, { runs, signal }) {
  const int8Path = (size) => `gemm/int8-${size}.onnx`;
  const modelsDirectory = await writeModels({
    gemm: {
      "gemm/fp32.onnx": FP32,
      ...Object.fromEntries(SIZES.map((size) => [int8Path(size), int8Product(size)])),
    },
  });
  const engine = createNodeEngine({ modelsDirectory, device: "cpu", threads: env.INFERENCE_THREADS });
  const measure = async (precision, size, path, inputs) => {
    const session = await engine.load(path);
    const product = () => session.run(inputs);
    await product();
    const times = await repeat(runs * PRODUCTS_A_RUN, () => time(product), signal);
    return { precision, size, multiplyAddsPerSecond: size ** 3 / (median(times) / 1000) };
  };
  try {
    const rates = [];
    for (const size of SIZES) {
      rates.push(await measure("fp32", size, "gemm/fp32.onnx", { a: randomFloats(size), b: randomFloats(size) }));
    }
    for (const size of SIZES) rates.push(await measure("int8", size, int8Path(size), { a: randomBytes(size) }));
    return rates;
  } finally {
    await engine.dispose();
    await rm(modelsDirectory, { recursive: true });
  }
}
