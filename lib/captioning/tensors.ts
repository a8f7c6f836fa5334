/**
 * Captioning as tensors: what crosses the network where another server runs the search. One call carries the whole of it for
 * each photo, and never a word at a time.
 *
 * Inputs: `regions` and `mirrored` float32 [batch, 49, C] (the mirrored picture's, which only photos that are re-ranked need;
 * absent where none is), `beamWidth` and `count` int32 [batch, 1], `rerank` bool [batch, 1].
 *
 * Outputs: `text` string, `score` and `logProbability` float64 [batch, captions]; `tokens` string and `tokenLogProbabilities`
 * float32 [batch, captions, words]; `attention` float32 [batch, captions, words, 49]. What is over is "" or 0.
 */
import type { Tensor } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import type { WireTensor, WireTensors, WireType } from "@/lib/inference/oip/messages";
import { roundWeights } from "@/lib/vision/attention";
import { type CaptionOptions, DEFAULT_BEAM_WIDTH, DEFAULT_COUNT, isReranked, MAX_BEAM_WIDTH } from "./options";
import type { Caption, EncodedPhotos } from "./pipeline";

/** What each photo of a batch asks for, every option said. */
export type FullOptions = Required<Pick<CaptionOptions, "beamWidth" | "count" | "rerank">>;

/** @param photos - as `Captioner.caption` takes them */
export function packRequest({ regions, mirrored }: EncodedPhotos, options: readonly CaptionOptions[]): WireTensors {
  const full = options.map(fullOptions);
  const column = (values: readonly number[]) => [values.length, 1];
  const integers = (values: readonly number[]): Tensor => ({
    type: "int32",
    data: Int32Array.from(values),
    dims: column(values),
  });
  const rerank = full.map((each) => Number(each.rerank));
  return {
    regions,
    ...(mirrored && { mirrored: spread(mirrored, rerank) }),
    beamWidth: integers(full.map(({ beamWidth }) => beamWidth)),
    count: integers(full.map(({ count }) => count)),
    rerank: { type: "bool", data: Uint8Array.from(rerank), dims: column(rerank) },
  };
}

/**
 * What `packRequest` packed, photo by photo.
 *
 * @param inputs - of the shapes above
 * @throws `InklingError` with code `invalid_field`
 */
export function unpackRequest(
  inputs: WireTensors,
): { readonly regions: Float32Array; readonly mirrored: Float32Array | undefined; readonly options: FullOptions }[] {
  const [widths, counts, reranks] = ["beamWidth", "count", "rerank"].map((name) => inputs[name]?.data as Int32Array);
  const views = (name: string) => (inputs[name] ? rowsOf(inputs[name] as Tensor) : undefined);
  const mirrored = views("mirrored");
  return (views("regions") as Float32Array[]).map((regions, photo) => {
    const [beamWidth, count] = [widths?.[photo] as number, counts?.[photo] as number];
    if (!(beamWidth >= 1 && beamWidth <= MAX_BEAM_WIDTH && count >= 1 && count <= beamWidth)) {
      throw new InklingError(
        "invalid_field",
        `The photo ${photo} has beamWidth ${beamWidth} and count ${count}.`,
        `Send a beamWidth of 1 to ${MAX_BEAM_WIDTH}, and a count of 1 to beamWidth.`,
      );
    }
    const options = { beamWidth, count, rerank: reranks?.[photo] === 1 };
    if (isReranked(options) && !mirrored) {
      throw new InklingError(
        "missing_field",
        `The photo ${photo} is to be re-ranked, and mirrored is absent.`,
        "Send the regions of the mirrored picture, or rerank false.",
      );
    }
    return { regions, mirrored: isReranked(options) ? mirrored?.[photo] : undefined, options };
  });
}

/** @param captions - of each photo, with attention */
export function packCaptions(captions: readonly (readonly Caption[])[]): WireTensors {
  const most = Math.max(...captions.map(({ length }) => length));
  const longest = Math.max(...captions.flat().map(({ tokens }) => tokens.length));
  const regions = captions.flat()[0]?.tokens[0]?.attention?.length ?? 0;
  const slots = captions.flatMap((each) => Array.from({ length: most }, (_, index) => each[index]));
  const words = slots.flatMap((caption) => Array.from({ length: longest }, (_, index) => caption?.tokens[index]));
  const each = [captions.length, most];
  const word = [...each, longest];
  const attention = new Float32Array(words.length * regions);
  words.forEach((token, index) => {
    attention.set(token?.attention ?? [], index * regions);
  });
  return {
    text: { type: "string", data: slots.map((caption) => caption?.text ?? ""), dims: each },
    score: { type: "float64", data: Float64Array.from(slots, (caption) => caption?.score ?? 0), dims: each },
    logProbability: {
      type: "float64",
      data: Float64Array.from(slots, (caption) => caption?.logProbability ?? 0),
      dims: each,
    },
    tokens: { type: "string", data: words.map((token) => token?.text ?? ""), dims: word },
    tokenLogProbabilities: {
      type: "float32",
      data: Float32Array.from(words, (token) => token?.logProbability ?? 0),
      dims: word,
    },
    attention: { type: "float32", data: attention, dims: [...word, regions] },
  };
}

/**
 * What `packCaptions` packed.
 *
 * @param options - what was asked for: a word says where the decoder looked only if that was
 * @throws `InklingError` with code `model_unavailable` when these are no captions
 */
export function unpackCaptions(outputs: WireTensors, options: readonly CaptionOptions[]): Caption[][] {
  const photos = options.length;
  const [, most = 0, longest = 0, regions = 0] = outputs.attention?.dims ?? [];
  const each = [photos, most];
  const word = [...each, longest];
  const texts = take(outputs, "text", "string", each) as readonly string[];
  const scores = take(outputs, "score", "float64", each) as Float64Array;
  const logProbabilities = take(outputs, "logProbability", "float64", each) as Float64Array;
  const words = take(outputs, "tokens", "string", word) as readonly string[];
  const wordLogProbabilities = take(outputs, "tokenLogProbabilities", "float32", word) as Float32Array;
  const attention = take(outputs, "attention", "float32", [...word, regions]) as Float32Array;
  return options.map(({ attention: isWanted = false }, photo) => {
    const slots = Array.from({ length: most }, (_, index) => photo * most + index).filter((slot) => texts[slot] !== "");
    if (slots.length === 0) throw notCaptions("a photo has none");
    return slots.map((slot) => {
      const places = Array.from({ length: longest }, (_, index) => slot * longest + index);
      return {
        text: texts[slot] as string,
        score: scores[slot] as number,
        logProbability: logProbabilities[slot] as number,
        tokens: places
          .filter((place) => words[place] !== "")
          .map((place) => ({
            text: words[place] as string,
            logProbability: wordLogProbabilities[place] as number,
            ...(isWanted && { attention: roundWeights(attention.subarray(place * regions, (place + 1) * regions)) }),
          })),
      };
    });
  });
}

function take(outputs: WireTensors, name: string, type: WireType, dims: readonly number[]): WireTensor["data"] {
  const tensor = outputs[name];
  if (tensor?.type !== type || tensor.dims.join() !== dims.join()) throw notCaptions(`${name} has another form`);
  return tensor.data;
}

function notCaptions(reason: string): InklingError {
  return new InklingError(
    "model_unavailable",
    `The model server's captions cannot be read: ${reason}.`,
    "Let it serve the captioning model of this version.",
  );
}

function fullOptions(options: CaptionOptions): FullOptions {
  const { beamWidth = DEFAULT_BEAM_WIDTH, count = Math.min(DEFAULT_COUNT, beamWidth) } = options;
  return { beamWidth, count, rerank: isReranked(options) };
}

/** The rows of [n, …] at the n places that are 1, and zeros at the others. */
function spread(rows: Tensor, places: readonly number[]): Tensor {
  const each = rowsOf(rows);
  const size = each[0]?.length ?? 0;
  const data = new Float32Array(places.length * size);
  let next = 0;
  places.forEach((place, index) => {
    if (place === 1) data.set(each[next++] as Float32Array, index * size);
  });
  return { type: "float32", data, dims: [places.length, ...rows.dims.slice(1)] };
}

function rowsOf({ data, dims }: Tensor): Float32Array[] {
  const size = data.length / (dims[0] as number);
  return Array.from({ length: dims[0] as number }, (_, row) =>
    (data as Float32Array).slice(row * size, (row + 1) * size),
  );
}
