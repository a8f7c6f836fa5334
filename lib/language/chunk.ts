import type { Engine, LoadOptions, Provider, Tensor, Tensors } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { type Characters, parseCharacters } from "./characters";
import { fillNoise } from "./noise";

/** Most characters that one run of the graph reads or writes. */
export const CHUNK_CHARACTERS = 50;

/** Stands for a character that is to be drawn. */
const DRAWN = -1;

/** What a text needs to be read, or written, on by a chunk: all of it, so that any worker can do it. */
export interface ChunkRow {
  /** What the last chunk left, float32 [2 H]; null before a text. */
  readonly state: Float32Array | null;
  /** Ids of the characters that are read, before any is written. */
  readonly given: readonly number[];
  /** How many characters are written then; with `given`, 1 to 50. */
  readonly drawn: number;
  /** 0 to 2³² − 1. */
  readonly seed: number;
  /** The place of the first of all these characters in the text. */
  readonly place: number;
  /** 0 to 2. */
  readonly temperature: number;
  /** Whose memories to return. */
  readonly units: readonly number[];
}

export interface ChunkResult {
  readonly state: Float32Array;
  /** Ids of the characters that were read and written. */
  readonly characters: Int32Array;
  /** −log₂ p of each. */
  readonly surprise: Float32Array;
  /** c of each unit that was asked for once each character is read: float32 [characters, units]. */
  readonly memory: Float32Array;
}

export interface ChunkModel {
  readonly provider: Provider;
  readonly characters: Characters;
  /**
   * Goes on with several texts.
   *
   * @param signal - checked before the run
   * @throws `InklingError` with code `internal` when the run fails, or the signal's reason when it is aborted
   */
  advance(rows: readonly ChunkRow[], signal?: AbortSignal): Promise<ChunkResult[]>;
}

/**
 * Loads the language model.
 *
 * @throws as `Engine.load` does
 */
export async function createChunkModel(engine: Engine, options?: LoadOptions): Promise<ChunkModel> {
  const [characters, session] = await Promise.all([
    engine.readText("language/characters.json").then(parseCharacters),
    engine.load("language/writer.onnx", options),
  ]);
  return {
    provider: session.provider,
    characters,
    async advance(rows, signal) {
      return toResults(rows, await session.run(toInputs(rows, characters), signal), characters);
    },
  };
}

function toInputs(rows: readonly ChunkRow[], { known, hidden }: Characters): Tensors {
  const batch = rows.length;
  const longest = Math.max(...rows.map(({ given, drawn }) => given.length + drawn));
  const states = { hidden: new Float32Array(batch * hidden), cell: new Float32Array(batch * hidden) };
  // A shorter row goes on with a character of no interest.
  const given = new Int32Array(longest * batch);
  const noise = new Float32Array(longest * batch * known.length).fill(0.5);
  rows.forEach(({ state, ...row }, index) => {
    if (state) {
      states.hidden.set(state.subarray(0, hidden), index * hidden);
      states.cell.set(state.subarray(hidden), index * hidden);
    }
    row.given.forEach((id, at) => {
      given[at * batch + index] = id;
    });
    for (let at = row.given.length; at < row.given.length + row.drawn; at += 1) {
      const slot = at * batch + index;
      given[slot] = DRAWN;
      fillNoise(row.seed, row.place + at, noise.subarray(slot * known.length, (slot + 1) * known.length));
    }
  });
  const float = (data: Float32Array, ...dims: number[]): Tensor => ({ type: "float32", data, dims });
  const temperatures = Float32Array.from(rows, ({ temperature }) => temperature);
  return {
    hidden: float(states.hidden, batch, hidden),
    cell: float(states.cell, batch, hidden),
    given: { type: "int32", data: given, dims: [longest, batch] },
    noise: float(noise, longest, batch, known.length),
    temperature: float(temperatures, batch),
  };
}

function toResults(rows: readonly ChunkRow[], outputs: Tensors, { hidden }: Characters): ChunkResult[] {
  const batch = rows.length;
  const read = <Data>(name: string): Data => {
    const output = outputs[name];
    if (!output) throw incomplete(name);
    return output.data as Data;
  };
  const nextHidden = read<Float32Array>("next_hidden");
  const nextCell = read<Float32Array>("next_cell");
  const ids = read<Int32Array>("characters");
  const bits = read<Float32Array>("surprise");
  const memories = read<Float32Array>("memory");
  return rows.map(({ given, drawn, units }, index) => {
    const length = given.length + drawn;
    const state = new Float32Array(2 * hidden);
    state.set(nextHidden.subarray(index * hidden, (index + 1) * hidden));
    state.set(nextCell.subarray(index * hidden, (index + 1) * hidden), hidden);
    const characters = new Int32Array(length);
    const surprise = new Float32Array(length);
    const memory = new Float32Array(length * units.length);
    for (let at = 0; at < length; at += 1) {
      const slot = at * batch + index;
      characters[at] = ids[slot] as number;
      surprise[at] = bits[slot] as number;
      units.forEach((unit, column) => {
        memory[at * units.length + column] = memories[slot * hidden + unit] as number;
      });
    }
    return { state, characters, surprise, memory };
  });
}

function incomplete(name: string): InklingError {
  return new InklingError(
    "model_unavailable",
    `The language model has no output named ${name}.`,
    "Export the model again, or restore its files from the repository.",
  );
}
