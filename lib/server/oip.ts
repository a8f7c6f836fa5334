/**
 * The Open Inference Protocol's models on the server: through the same door, and in the same queues or ones like them, as the
 * app's own requests.
 */
import { packCaptions, unpackRequest } from "@/lib/captioning/tensors";
import type { Tensor, Tensors } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { DATATYPES, type WireTensor, type WireTensors } from "@/lib/inference/oip/messages";
import { Scheduler } from "@/lib/inference/scheduler";
import { CAPTIONING, listOipModels, OIP_VERSION, type OipModel, type OipValue } from "@/lib/oip-models";
import { REGIONS } from "@/lib/vision/encoder";
import { WEIGHTS } from "./admission";
import { getCaptioningScheduler } from "./captioning";
import { getManifest } from "./manifest";
import { observeBatch } from "./metrics";
import { getPool } from "./pool";
import { QUEUE_SETTINGS } from "./queue-settings";
import { getEncoding } from "./regions";

interface GraphRun {
  readonly file: string;
  readonly inputs: Tensors;
}

/** A run in its queue. */
interface QueuedRun {
  readonly run: GraphRun;
  readonly rows: number;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingGraphs?: Map<string, Scheduler<QueuedRun, Tensors>> };

/** What a row of a model's first input takes of a worker, as `WEIGHTS` counts; one that is not named takes the least. */
const ROW_WEIGHTS: Readonly<Record<string, number>> = {
  "vision-encoder": 0.2,
  [CAPTIONING]: WEIGHTS.searched,
  "vqa-prepare": WEIGHTS.keptQuestion,
  "stories-answer": WEIGHTS.story,
};
const LEAST_WEIGHT = 0.01;

/** Works once there is room for a weight: `admit` for one request. */
export type Enter = <Result>(weight: number, use: (signal: AbortSignal) => Promise<Result>) => Promise<Result>;

/** Numbers beyond it are no features, pixels or offsets, and what is computed of them may not be a number any longer. */
const LARGEST_NUMBER = 1e6;

/**
 * @param version - undefined for the one that there is
 * @throws `InklingError` with code `unknown_model`, or `model_unavailable` when the manifest cannot be read
 */
export async function findOipModel(name: string, version: string | undefined): Promise<OipModel> {
  const models = listOipModels(await getManifest());
  const model = models.find((each) => each.name === name);
  if (model && (version ?? OIP_VERSION) === OIP_VERSION) return model;
  throw new InklingError(
    "unknown_model",
    model ? `The model ${name} has no such version.` : "There is no such model.",
    model ? `Its version is ${OIP_VERSION}.` : `Use one of: ${models.map((each) => each.name).join(", ")}.`,
  );
}

/**
 * Runs a model on what somebody sent.
 *
 * @param enter - the door: each photo of an encode or of a search comes through it by itself, so that no batch of one client's keeps
 *   the others waiting
 * @throws `InklingError` with code `missing_field` or `invalid_field` that names the input, `overloaded` when there is no room,
 *   or the signal's reason
 */
export async function inferModel(model: OipModel, inputs: WireTensors, enter: Enter): Promise<WireTensors> {
  assertInputs(model, inputs);
  const weight = ROW_WEIGHTS[model.name] ?? LEAST_WEIGHT;
  if (model.name === CAPTIONING) return await caption(inputs, (use) => enter(weight, use));
  if (model.name === "vision-encoder") return await encode(inputs.pixels as Tensor, (use) => enter(weight, use));
  const file = model.file?.path as string;
  // By the model's own order: whoever sends the inputs in another one asks for as much.
  const [rows = 1] = inputs[model.inputs[0]?.name ?? ""]?.dims ?? [];
  return await enter(weight * rows, async (signal) => {
    const run = { file, inputs: inputs as Tensors };
    const { value } = await graphScheduler(model.name).submit({ run, rows }, signal);
    return value;
  });
}

/** Works once there is room for one row of a batch. */
type EnterRow = <Result>(use: (signal: AbortSignal) => Promise<Result>) => Promise<Result>;

async function caption(inputs: WireTensors, enter: EnterRow): Promise<WireTensors> {
  const submitted = unpackRequest(inputs).map(({ regions, mirrored, options }) => {
    const item = { regions, mirrored, options: { ...options, attention: true } };
    return enter((signal) => getCaptioningScheduler().submit(item, signal));
  });
  return packCaptions((await Promise.all(submitted)).map(({ value }) => value));
}

async function encode({ data, dims }: Tensor, enter: EnterRow): Promise<WireTensors> {
  const [photos = 0] = dims;
  const size = data.length / photos;
  const submitted = Array.from({ length: photos }, (_, photo) => {
    const pixels = (data as Float32Array<ArrayBuffer>).slice(photo * size, (photo + 1) * size);
    return enter((signal) => getEncoding().scheduler.submit(pixels, signal));
  });
  const regions = (await Promise.all(submitted)).map(({ value }) => value);
  const length = regions[0]?.length ?? 0;
  const joined = new Float32Array(photos * length);
  regions.forEach((each, photo) => {
    joined.set(each, photo * length);
  });
  return { regions: { type: "float32", data: joined, dims: [photos, REGIONS, length / REGIONS] } };
}

/** The queues of the graphs that have been called, by model. */
export function getGraphSchedulers(): Map<string, Scheduler<QueuedRun, Tensors>> {
  shared.inklingGraphs ??= new Map();
  return shared.inklingGraphs;
}

/** What other servers send comes in batches already, of shapes that do not fit together. */
function graphScheduler(name: string): Scheduler<QueuedRun, Tensors> {
  const known = getGraphSchedulers().get(name);
  if (known) return known;
  const scheduler = new Scheduler<QueuedRun, Tensors>({
    ...QUEUE_SETTINGS,
    maxBatch: 1,
    runBatch: ([queued], signal) => {
      const { run, rows } = queued as QueuedRun;
      observeBatch(name, rows);
      return Promise.all([getPool().runTask("graph.run", run, { signal })]);
    },
  });
  getGraphSchedulers().set(name, scheduler);
  return scheduler;
}

function assertInputs(model: OipModel, inputs: WireTensors): void {
  const known = model.inputs.map(({ name }) => name);
  const unknown = Object.keys(inputs).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw refused(`The model ${model.name} has no input of that name`, `It takes: ${known.join(", ")}.`);
  const sizes = new Map<string, number>();
  for (const value of model.inputs) {
    const tensor = inputs[value.name];
    if (tensor) assertFits(value, tensor, model, sizes);
    else if (!value.optional) {
      throw new InklingError("missing_field", `The input ${value.name} is absent.`, `It takes: ${known.join(", ")}.`);
    }
  }
}

/** @param sizes - of the named dimensions, as far as they are known from the inputs before */
function assertFits(value: OipValue, tensor: WireTensor, { limits }: OipModel, sizes: Map<string, number>): void {
  const expected = `Send ${DATATYPES[value.type]} of shape [${value.shape.join(", ")}].`;
  if (tensor.type !== value.type) throw refused(`The input ${value.name} is ${DATATYPES[tensor.type]}`, expected);
  const shape = `The input ${value.name} has the shape [${tensor.dims.join(", ")}]`;
  if (tensor.dims.length !== value.shape.length) throw refused(shape, expected);
  value.shape.forEach((size, axis) => {
    const received = tensor.dims[axis] as number;
    if (typeof size === "number") {
      if (received !== size) throw refused(shape, expected);
      return;
    }
    const limit = limits[size] as number;
    if (received < 1 || received > limit) throw refused(shape, `${expected} The most for ${size} is ${limit}.`);
    if ((sizes.get(size) ?? received) !== received) {
      throw refused(`${shape} where ${size} is ${sizes.get(size)}`, `${expected} The same name is the same size.`);
    }
    sizes.set(size, received);
  });
  if (tensor.type === "float32" && !tensor.data.every((each) => Math.abs(Number(each)) <= LARGEST_NUMBER)) {
    throw refused(
      `The input ${value.name} has an element that is no number or beyond ±${LARGEST_NUMBER}`,
      "Send finite numbers.",
    );
  }
}

function refused(detail: string, suggestion: string): InklingError {
  return new InklingError("invalid_field", `${detail}.`, suggestion);
}
