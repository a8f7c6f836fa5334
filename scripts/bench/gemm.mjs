/** The machine's arithmetic limit: the rate of large fp32 matrix products in ONNX Runtime itself. */
import { rm } from "node:fs/promises";
import { median, repeat, time } from "./measure.mjs";

const SIZES = [512, 1024, 2048];
/** One product takes less than a tenth of a second: more of them cost little and steady the median. */
const PRODUCTS_A_RUN = 4;

/** One product of two square matrices, both given at run time. */
const PRODUCT = {
  inputs: ["a", "b"].map((name) => ({ name, type: "float32", shape: ["rows", "columns"] })),
  outputs: [{ name: "c", type: "float32", shape: ["rows", "columns"] }],
  nodes: [{ op: "MatMul", inputs: ["a", "b"], outputs: ["c"] }],
};

/**
 * @param {typeof import("./library")} library
 * @param {{ runs: number, signal: AbortSignal }} options
 * @returns {Promise<{ size: number, multiplyAddsPerSecond: number }[]>} for each size the median
 */
export async function measureGemm({ createNodeEngine, env, writeModels }, { runs, signal }) {
  const modelsDirectory = await writeModels({ gemm: { "gemm/product.onnx": PRODUCT } });
  const engine = createNodeEngine({ modelsDirectory, device: "cpu", threads: env.INFERENCE_THREADS });
  try {
    const session = await engine.load("gemm/product.onnx");
    const rates = [];
    for (const size of SIZES) {
      const matrix = {
        type: "float32",
        data: Float32Array.from({ length: size * size }, Math.random),
        dims: [size, size],
      };
      const product = () => session.run({ a: matrix, b: matrix });
      await product();
      const times = await repeat(runs * PRODUCTS_A_RUN, () => time(product), signal);
      rates.push({ size, multiplyAddsPerSecond: size ** 3 / (median(times) / 1000) });
    }
    return rates;
  } finally {
    await engine.dispose();
    await rm(modelsDirectory, { recursive: true });
  }
}
