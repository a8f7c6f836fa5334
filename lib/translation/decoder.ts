import type { DecoderStep } from "@/lib/inference/decoder";
import type { Session, Tensor, Tensors } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { PAD } from "./vocabulary";

/** What the decoder reads of a batch of sentences. */
export interface Encoded {
  /** float32 [batch, Z], before the start token. */
  readonly state: Tensor;
  /** float32 [batch, S, M] and int32 [batch, S]; undefined where one vector, the state, is all that passes. */
  readonly attended: { readonly memory: Tensor; readonly source: Tensor } | undefined;
}

/** @param sentences - token ids of each, `<end>` included */
export async function encode(
  session: Session,
  sentences: readonly (readonly number[])[],
  attends: boolean,
  signal?: AbortSignal,
): Promise<Encoded> {
  const longest = Math.max(...sentences.map(({ length }) => length));
  const ids = new Int32Array(sentences.length * longest).fill(PAD);
  sentences.forEach((sentence, row) => {
    ids.set(sentence, row * longest);
  });
  const source: Tensor = { type: "int32", data: ids, dims: [sentences.length, longest] };
  const outputs = await session.run({ source }, signal);
  return {
    state: tensorOf(outputs, "state"),
    attended: attends ? { memory: tensorOf(outputs, "memory"), source } : undefined,
  };
}

/** The decoder's step over the sentences still searched. Those that have finished are dropped from memory and source. */
export function createStep(session: Session, { attended, state }: Encoded, signal?: AbortSignal): DecoderStep {
  const stateSize = state.dims[1] as number;
  let rows = state.dims[0] as number;
  let taken: Tensors = { ...attended };
  return async ({ sources, beams, tokens, state: prefixes }) => {
    const batch = sources.length;
    if (attended && batch !== rows) {
      taken = { memory: takeRows(attended.memory, sources), source: takeRows(attended.source, sources) };
    }
    rows = batch;
    const outputs = await session.run(
      {
        tokens: { type: "int32", data: tokens, dims: [batch, beams] },
        state: { type: "float32", data: prefixes, dims: [batch, beams, stateSize] },
        ...taken,
      },
      signal,
    );
    const logProbabilities = floatsOf(outputs, "logProbabilities");
    // Padding is never written: training has not learned that from any text.
    const pieces = logProbabilities.length / (batch * beams);
    for (let row = 0; row < batch * beams; row++) logProbabilities[row * pieces + PAD] = -Infinity;
    return {
      logProbabilities,
      nextState: floatsOf(outputs, "nextState"),
      attention: attended ? floatsOf(outputs, "attention") : new Float32Array(0),
    };
  };
}

/** @param rows - which of the batch, in which order; one may come several times */
export function takeEncoded({ attended, state }: Encoded, rows: readonly number[]): Encoded {
  return {
    state: takeRows(state, rows),
    attended: attended && { memory: takeRows(attended.memory, rows), source: takeRows(attended.source, rows) },
  };
}

function takeRows(tensor: Tensor, rows: readonly number[]): Tensor {
  const { type, dims } = tensor;
  const data = tensor.data as Float32Array | Int32Array;
  const size = data.length / (dims[0] as number);
  const taken = type === "int32" ? new Int32Array(rows.length * size) : new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    taken.set(data.subarray(row * size, (row + 1) * size), index * size);
  });
  return { type, data: taken, dims: [rows.length, ...dims.slice(1)] };
}

function floatsOf(outputs: Tensors, name: string): Float32Array {
  return tensorOf(outputs, name).data as Float32Array;
}

function tensorOf(outputs: Tensors, name: string): Tensor {
  const tensor = outputs[name];
  if (tensor) return tensor;
  throw new InklingError(
    "model_unavailable",
    `The translation model has no output named ${name}.`,
    "Export the model again, or restore its files from the repository.",
  );
}
