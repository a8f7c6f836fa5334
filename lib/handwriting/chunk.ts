import type { Engine, LoadOptions, Provider, Tensor, Tensors } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { fillNoise, NOISE_PER_POINT, type NoiseCounter } from "./noise";
import { parseStyles, type Styles } from "./styles";

/**
 * Points that one run of the graph writes on each of its lines: few enough that the first ink comes at once, and many enough that a
 * line need not wait for its turn too often where other models run as well.
 */
export const CHUNK_POINTS = 35;

/** What a line needs to be written on by a chunk: all of it, so that any worker can do it. */
export interface ChunkRow {
  /** Character ids, the end's included. */
  readonly text: Int32Array;
  readonly style: Float32Array;
  readonly bias: number;
  /** What the last chunk left; null at a line's beginning. */
  readonly state: Float32Array | null;
  /** Offsets and lifts, float32 [n, 3] with n ≤ `CHUNK_POINTS`, that come first in place of sampled ones; null where there are none. */
  readonly given: Float32Array | null;
  /** Of the first point that is sampled. */
  readonly noise: NoiseCounter;
  /** Whether to say what the network saw and expected at each point. */
  readonly traced: boolean;
}

export interface ChunkResult {
  readonly state: Float32Array;
  /** Offsets in the model's steps, and lifts: float32 [`CHUNK_POINTS`, 3]. */
  readonly points: Float32Array;
  /** The character on which the window lay at each point. */
  readonly places: Int32Array;
  /** The probability that the line ends with each point, if it lifts there. */
  readonly ends: Float32Array;
  readonly trace?: ChunkTrace;
}

export interface ChunkTrace {
  /** float32 [`CHUNK_POINTS`, 6 M]: weights, means of x and y, deviations of x and y, and correlations, the bias applied. */
  readonly mixture: Float32Array;
  /** float32 [`CHUNK_POINTS`, characters]: how far the window lies on each. */
  readonly phi: Float32Array;
}

export type WriteChunk = (rows: readonly ChunkRow[], signal?: AbortSignal) => Promise<readonly ChunkResult[]>;

export interface ChunkWriter {
  readonly provider: Provider;
  readonly styles: Styles;
  /**
   * Writes on each line by `CHUNK_POINTS`.
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
 * On ONNX Runtime's CPU every number of rows gives the same ones. CUDA chooses the order of sums by the number of rows, which
 * therefore is always that of a full batch. In a browser nothing runs lines of several requests together.
 */
const FEWEST_ROWS: Partial<Record<Provider, number>> = { cuda: 32 };

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
      return toResults(rows, outputs, filled.length, styles);
    },
  };
}

/** The state's parts by the graph's names, and how many numbers a line has of each. */
function stateParts({ sizes }: Styles) {
  const layers = ["hidden_1", "hidden_2", "hidden_3", "cell_1", "cell_2", "cell_3"] as const;
  return [
    ...layers.map((name) => ({ name, size: sizes.hidden })),
    { name: "kappa", size: sizes.windows },
    { name: "window", size: sizes.window },
    { name: "point", size: 3 },
  ];
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
  const parts = stateParts(styles).map(({ name, size }) => {
    const data = new Float32Array(batch * size);
    rows.forEach(({ state }, index) => {
      if (state) data.set(state.subarray(offset, offset + size), index * size);
      // Before a line the pen is up.
      else if (name === "point") data[index * size + 2] = 1;
    });
    offset += size;
    return [name, { type: "float32", data, dims: [batch, size] }] as const;
  });
  return Object.fromEntries(parts);
}

function toResults(rows: readonly ChunkRow[], outputs: Tensors, batch: number, styles: Styles): ChunkResult[] {
  const points = floats(outputs, "points");
  const phi = floats(outputs, "phi");
  const ends = floats(outputs, "end");
  const parts = stateParts(styles).map(({ name, size }) => ({ data: floats(outputs, `next_${name}`), size }));
  const stateSize = parts.reduce((sum, { size }) => sum + size, 0);
  const characters = phi.length / (CHUNK_POINTS * batch);
  return rows.map(({ text, traced }, index) => {
    const state = new Float32Array(stateSize);
    let offset = 0;
    for (const { data, size } of parts) {
      state.set(data.subarray(index * size, (index + 1) * size), offset);
      offset += size;
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

/** One row of float32 [`CHUNK_POINTS`, batch, size], its first `kept` numbers at each point. */
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
