/**
 * Models as the Open Inference Protocol names them, for whoever serves them (`app/v2`, MLServer, Triton) and whoever calls them.
 *
 * One fact decides which there are: a call over the network carries a whole encode, a whole search or a chunk of handwriting or of
 * text, never one token. Graphs of which a task runs one for such a thing are served as they are. Captioning's would be run once for
 * each word; in their place stands the search over them, as a model of its own (`lib/captioning/tensors.ts`).
 */
import { CHUNK_POINTS } from "@/lib/handwriting/chunk";
import { findFile, type Manifest, type ManifestFile } from "@/lib/inference/manifest";
import { DATATYPES, type WireType } from "@/lib/inference/oip/messages";
import { CHUNK_CHARACTERS } from "@/lib/language/chunk";
import { REGIONS } from "@/lib/vision/encoder";

export interface OipValue {
  readonly name: string;
  readonly type: WireType;
  /** A name stands for a dimension known only when running: the same name is the same size. */
  readonly shape: readonly (number | string)[];
  /** Whether it may be left out; default false. */
  readonly optional?: boolean;
}

export interface OipModel {
  readonly name: string;
  /** The graph that it is; absent where it is a search over several. */
  readonly file?: ManifestFile;
  readonly inputs: readonly OipValue[];
  readonly outputs: readonly OipValue[];
  /** The largest size of each named dimension. */
  readonly limits: Readonly<Record<string, number>>;
}

/** The one version that each model has. */
export const OIP_VERSION = "1";

/** The search that stands for these graphs. */
export const CAPTIONING = "captioning";
const RUN_PER_WORD = ["captioning/prepare.onnx", "captioning/step.onnx"];
/**
 * Models that no server is asked for: the translator's graphs are run for each token as well, and are so small that each server of the
 * app runs them itself; the encoder of live pictures runs in the browser alone.
 */
const NOT_SERVED = ["translation", "live"];

/** By model. Enough for a batch of 64, which is the largest that a server can be set to; nobody should be able to ask for more. */
const LIMITS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "vision-encoder": { batch: 64 },
  [CAPTIONING]: { batch: 64 },
  "vqa-prepare": { photos: 64 },
  // A row for each question with its photo, without it, and without each of its words.
  "vqa-answer": { batch: 2048, photos: 65, words: 64 },
  "handwriting-synthesizer": { batch: 256, characters: 1024, points: CHUNK_POINTS },
  "handwriting-reader": { batch: 4, points: 2000 },
  "stories-answer": { batch: 64, sentences: 100, words: 128, question_words: 128 },
  "language-writer": { batch: 64, characters: CHUNK_CHARACTERS },
};

/** Every model of the manifest that can be called, e.g. `vision-encoder`, `captioning`, `vqa-answer`. */
export function listOipModels(manifest: Manifest): OipModel[] {
  const files = Object.entries(manifest.models).flatMap(([name, model]) =>
    NOT_SERVED.includes(name) ? [] : model.files,
  );
  const forGpus = new Set(files.map(({ gpu }) => gpu));
  const graphs = files.filter(({ path }) => path.endsWith(".onnx") && !forGpus.has(path));
  return graphs.flatMap((file) => {
    if (!RUN_PER_WORD.includes(file.path)) {
      const name = oipName(file.path);
      return [{ name, file, inputs: file.inputs ?? [], outputs: file.outputs ?? [], limits: LIMITS[name] ?? {} }];
    }
    return file.path === RUN_PER_WORD[0] ? [describeCaptioning(manifest)] : [];
  });
}

/** `vision/encoder.onnx` is `vision-encoder`. */
export function oipName(path: string): string {
  return path.replace(/\.onnx$/, "").replaceAll("/", "-");
}

function describeCaptioning(manifest: Manifest): OipModel {
  const [prepared] = findFile(manifest, RUN_PER_WORD[0] as string).inputs ?? [];
  const regions = prepared?.shape ?? [];
  const each = ["batch", "captions"];
  const word = [...each, "words"];
  return {
    name: CAPTIONING,
    inputs: [
      { name: "regions", type: "float32", shape: regions },
      { name: "mirrored", type: "float32", shape: regions, optional: true },
      { name: "beamWidth", type: "int32", shape: ["batch", 1] },
      { name: "count", type: "int32", shape: ["batch", 1] },
      { name: "rerank", type: "bool", shape: ["batch", 1] },
    ],
    outputs: [
      { name: "text", type: "string", shape: each },
      { name: "score", type: "float64", shape: each },
      { name: "logProbability", type: "float64", shape: each },
      { name: "tokens", type: "string", shape: word },
      { name: "tokenLogProbabilities", type: "float32", shape: word },
      { name: "attention", type: "float32", shape: [...word, REGIONS] },
    ],
    limits: LIMITS[CAPTIONING] ?? {},
  };
}

/** A model's metadata, as `GET /v2/models/{name}` gives it. */
export function describeModel({ name, file, inputs, outputs }: OipModel) {
  const values = (list: readonly OipValue[]) =>
    list.map(({ name: each, type, shape }) => ({
      name: each,
      datatype: DATATYPES[type],
      shape: shape.map((size) => (typeof size === "number" ? size : -1)),
    }));
  const platform = file ? "onnxruntime_onnx" : "inkling";
  return { name, versions: [OIP_VERSION], platform, inputs: values(inputs), outputs: values(outputs) };
}
