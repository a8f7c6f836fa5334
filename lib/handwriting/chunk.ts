import type { Engine, LoadOptions, Provider, Tensor, Tensors } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { fillNoise, NOISE_PER_POINT, type NoiseCounter } from "./noise";
import { parseStyles, type Styles } from "./styles";

/** Points that one run of the graph writes on each of its lines. */
export const CHUNK_POINTS = 25;

/** What a line needs to be written on by a chunk: all of it, so that any worker can do it. */
export interface ChunkRow {
  /** Character ids, the end's included. */
  readonly text: Int32Array;
  readonly style: Float32Array;
  readonly bias: number;
  /** What the last chunk left; null at a line's beginning. */
  readonly state: Float32Array | null;
  /** Offsets and lifts, float32 [n, 3] with n ≤ 25, that come first in place of sampled ones; null where there are none. */
  readonly given: Float32Array | null;
  /** Of the first point that is sampled. */
  readonly noise: NoiseCounter;
  /** Whether to say what the network saw and expected at each point. */
  readonly traced: boolean;
}

export interface ChunkResult {
  readonly state: Float32Array;
  /** Offsets in the model's steps, and lifts: float32 [25, 3]. */
  readonly points: Float32Array;
  /** The character on which the window lay at each point. */
  readonly places: Int32Array;
  /** The probability that the line ends with each point, if it lifts there. */
  readonly ends: Float32Array;
  readonly trace?: ChunkTrace;
}

export interface ChunkTrace {
  /** float32 [25, 6 M]: weights, means of x and y, deviations of x and y, and correlations, the bias applied. */
  readonly mixture: Float32Array;
  /** float32 [25, characters]: how far the window lies on each. */
  readonly phi: Float32Array;
}

export type WriteChunk = (rows: readonly ChunkRow[], signal?: AbortSignal) => Promise<readonly ChunkResult[]>;

export interface ChunkWriter {
  readonly provider: Provider;
  readonly styles: Styles;
  /**
   * Writes on each line by 25 points.
   *
   * @param signal - checked before the run
   * @throws `InklingError` with code `internal` when the run fails, or the signal's reason when it is aborted
   */
  readonly write: WriteChunk;
}

/** Texts are filled up to a multiple of this, so that the runtime meets few shapes. */
const TEXT_MULTIPLE = 16;

/**
 * Fewest rows of a run, so that a line has the same numbers alone and in a batch: rows without a line repeat the first one.
 *
 * ONNX Runtime's CPU multiplies a single row in another order of sums than two or more, which all agree to the last bit; a second
 * row takes an eighth longer. CUDA chooses the order by the number of rows, which therefore is always that of a full batch.
 * In a browser nothing runs lines of several requests together.
 */
const FEWEST_ROWS: Partial<Record<Provider, number>> = { cpu: 2, cuda: 32 };

/**
 * Loads the synthesiser.
 *
 * @throws as `Engine.load` does
 */
export async function createChunkWriter(engine: Engine, options?: LoadOptions): Promise<ChunkWriter> {
  const [styles, session] = await Promise.all([
    engine.readText("handwriting/styles.json").then(parseStyles),
    engine.load("handwriting/synthesizer.onnx", options),
  ]);
  const { provider } = session;
  return {
    provider,
    styles,
    async write(rows, signal) {
      const missing = Math.max(0, (FEWEST_ROWS[provider] ?? 1) - rows.length);
      const filled = [...rows, ...Array.from({ length: missing }, () => rows[0] as ChunkRow)];
      const outputs = await session.run(toInputs(filled, styles), signal);
      return toResults(rows, outputs, filled.length);
    },
  };
}

/** The state's parts by the graph's names: how often each lies side by side, and its numbers a line. */
function stateParts({ sizes }: Styles) {
  return [
    { name: "hidden", layers: 3, size: sizes.hidden },
    { name: "cell", layers: 3, size: sizes.hidden },
    { name: "kappa", layers: 1, size: sizes.windows },
    { name: "window", layers: 1, size: sizes.window },
    { name: "point", layers: 1, size: 3 },
  ] as const;
}

function toInputs(rows: readonly ChunkRow[], styles: Styles): Tensors {
  const batch = rows.length;
  const longest = Math.max(...rows.map(({ text }) => text.length));
  const characters = Math.ceil(longest / TEXT_MULTIPLE) * TEXT_MULTIPLE;
  const text = new Int32Array(batch * characters);
  const style = new Float32Array(batch * styles.sizes.style);
  const noise = new Float32Array(CHUNK_POINTS * batch * NOISE_PER_POINT).fill(0.5);
  const given = new Float32Array(CHUNK_POINTS * batch * 4);
  rows.forEach((row, index) => {
    text.set(row.text, index * characters);
    style.set(row.style, index * styles.sizes.style);
    const known = (row.given?.length ?? 0) / 3;
    for (let point = 0; point < known; point += 1) {
      const place = (point * batch + index) * 4;
      given.set((row.given as Float32Array).subarray(point * 3, point * 3 + 3), place);
      given[place + 3] = 1;
    }
    const stride = batch * NOISE_PER_POINT;
    fillNoise(row.noise, CHUNK_POINTS - known, noise, known * stride + index * NOISE_PER_POINT, stride);
  });
  const float = (data: Float32Array, ...dims: number[]): Tensor => ({ type: "float32", data, dims });
  return {
    text: { type: "int32", data: text, dims: [batch, characters] },
    style: float(style, batch, styles.sizes.style),
    bias: float(
      Float32Array.from(rows, ({ bias }) => bias),
      batch,
    ),
    ...gatherStates(rows, styles),
    noise: float(noise, CHUNK_POINTS, batch, NOISE_PER_POINT),
    given: float(given, CHUNK_POINTS, batch, 4),
  };
}

function gatherStates(rows: readonly ChunkRow[], styles: Styles): Tensors {
  const batch = rows.length;
  let offset = 0;
  const parts = stateParts(styles).map(({ name, layers, size }) => {
    const data = new Float32Array(layers * batch * size);
    rows.forEach(({ state }, index) => {
      for (let layer = 0; layer < layers && state; layer += 1) {
        const from = offset + layer * size;
        data.set(state.subarray(from, from + size), (layer * batch + index) * size);
      }
      // Before a line the pen is up.
      if (name === "point" && !state) data[index * size + 2] = 1;
    });
    offset += layers * size;
    return [name, { type: "float32", data, dims: [...(layers > 1 ? [layers] : []), batch, size] }] as const;
  });
  return Object.fromEntries(parts);
}

function toResults(rows: readonly ChunkRow[], outputs: Tensors, batch: number): ChunkResult[] {
  const points = floats(outputs, "points");
  const phi = floats(outputs, "phi");
  const ends = floats(outputs, "end");
  const states = (["hidden", "cell", "kappa", "window", "point"] as const).map((name) => {
    const { dims } = outputs[`next_${name}`] as Tensor;
    const layers = dims.length > 2 ? (dims[0] as number) : 1;
    return { data: floats(outputs, `next_${name}`), layers, size: dims.at(-1) as number };
  });
  const stateSize = states.reduce((sum, { layers, size }) => sum + layers * size, 0);
  const characters = phi.length / (CHUNK_POINTS * batch);
  return rows.map(({ text, traced }, index) => {
    const state = new Float32Array(stateSize);
    let offset = 0;
    for (const { data, layers, size } of states) {
      for (let layer = 0; layer < layers; layer += 1, offset += size) {
        const from = (layer * batch + index) * size;
        state.set(data.subarray(from, from + size), offset);
      }
    }
    const places = new Int32Array(CHUNK_POINTS);
    for (let point = 0; point < CHUNK_POINTS; point += 1) {
      places[point] = highest(phi, (point * batch + index) * characters, text.length);
    }
    return {
      state,
      points: columns(points, batch, index, 3),
      places,
      ends: columns(ends, batch, index, 1),
      ...(traced && { trace: traceOf(outputs, batch, index, text.length) }),
    };
  });
}

function traceOf(outputs: Tensors, batch: number, index: number, length: number): ChunkTrace {
  const mixture = floats(outputs, "mixture");
  const phi = floats(outputs, "phi");
  return {
    mixture: columns(mixture, batch, index, mixture.length / (CHUNK_POINTS * batch)),
    phi: columns(phi, batch, index, phi.length / (CHUNK_POINTS * batch), length),
  };
}

/** One row of float32 [25, batch, size], its first `kept` numbers at each point. */
function columns(data: Float32Array, batch: number, index: number, size: number, kept = size): Float32Array {
  const row = new Float32Array(CHUNK_POINTS * kept);
  for (let point = 0; point < CHUNK_POINTS; point += 1) {
    const from = (point * batch + index) * size;
    row.set(data.subarray(from, from + kept), point * kept);
  }
  return row;
}

/** Which of `count` numbers from `offset` on is the highest. */
function highest(data: Float32Array, offset: number, count: number): number {
  let best = 0;
  for (let index = 1; index < count; index += 1) {
    if ((data[offset + index] as number) > (data[offset + best] as number)) best = index;
  }
  return best;
}

function floats(outputs: Tensors, name: string): Float32Array {
  const value = outputs[name];
  if (value) return value.data as Float32Array;
  throw new InklingError(
    "model_unavailable",
    `The handwriting model has no output named ${name}.`,
    "Export the model again, or restore its files from the repository.",
  );
}
