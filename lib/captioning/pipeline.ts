import { beamSearch, type Hypothesis } from "@/lib/inference/beam-search";
import type { DecoderStep } from "@/lib/inference/decoder";
import type { AnyTensor, Engine, LoadOptions, Provider, Session, Tensor } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { roundWeights } from "@/lib/vision/attention";
import { agreement } from "./consensus";
import { type CaptionOptions, DEFAULT_BEAM_WIDTH, DEFAULT_COUNT, isReranked } from "./options";
import { sampleCaptions } from "./sampling";
import { scoreCaptions } from "./scoring";
import { joinWords, mirrorTokens, parseVocabulary, type Vocabulary } from "./vocabulary";

/** What captions are re-ranked by, for each view of a photo; chosen on dev photos. */
const SAMPLES = { count: 40, temperature: 0.7 };
/** How many more captions than `beamWidth` the search finds where they are re-ranked: more to choose from is a better choice. */
const MORE_CANDIDATES = 6;

export interface CaptionToken {
  readonly text: string;
  /** Natural logarithm. */
  readonly logProbability: number;
  /** One weight for each region, row by row, sum 1. */
  readonly attention?: number[];
}

export interface Caption {
  /** Lower case, without a full stop. */
  readonly text: string;
  /**
   * What captions are ranked by: how much this one agrees with samples (0 to 10, see `agreement`), or without re-ranking
   * `logProbability / (tokens.length + 1) ** lengthPenalty`.
   */
  readonly score: number;
  /** Natural logarithm, summed over `tokens` and the end token. */
  readonly logProbability: number;
  /** The words, without the end token. */
  readonly tokens: CaptionToken[];
}

/** A batch of photos as the vision encoder gives them. */
export interface EncodedPhotos {
  /** float32 [batch, 49, C]. */
  readonly regions: Tensor;
  /**
   * float32 [n, 49, C]: the mirrored pictures of the n photos that are re-ranked, in their order. With them the captions found
   * for the mirrored picture stand for election too, and its samples vote.
   */
  readonly mirrored?: Tensor | undefined;
}

export interface Captioner {
  readonly provider: Provider;
  readonly vocabulary: Vocabulary;
  /**
   * Captions a batch of photos, each with its own options.
   *
   * @param options - one for each photo
   * @param signal - checked before each word
   * @returns for each photo its captions, best score first
   * @throws `InklingError` with code `internal` when a run fails, or the signal's reason when it is aborted
   */
  caption(photos: EncodedPhotos, options: readonly CaptionOptions[], signal?: AbortSignal): Promise<Caption[][]>;
}

/**
 * Loads the caption decoder. The same code runs in the browser's worker and in the server's.
 *
 * @example
 * const captioner = await createCaptioner(engine);
 * const [captions] = await captioner.caption({ regions: await encoder.encode(pixels) }, [{ beamWidth: 4, count: 1 }]);
 * captions[0].text; // "a brown dog runs through the grass"
 *
 * @throws as `Engine.load` does
 */
export async function createCaptioner(engine: Engine, options?: LoadOptions): Promise<Captioner> {
  const [vocabulary, prepare, step] = await Promise.all([
    engine.readText("captioning/vocabulary.json").then(parseVocabulary),
    engine.load<AnyTensor>("captioning/prepare.onnx", options),
    engine.load("captioning/step.onnx", options),
  ]);
  return {
    provider: step.provider,
    vocabulary,
    async caption({ regions, mirrored }, options, signal) {
      const prepared = await prepare.run({ regions: mirrored ? joinRows(regions, mirrored) : regions }, signal);
      const { features, keys, state } = prepared;
      try {
        const views = { features: output(features, "features"), keys: output(keys, "keys") };
        const initialState = output(state, "state") as Tensor;
        const rows = Array.from({ length: initialState.dims[0] as number }, (_, row) => row);
        const decoder: Decoder = { vocabulary, step, views: { ...views, rows, state: initialState } };
        return await captionViews(decoder, options, mirrored !== undefined, signal);
      } finally {
        for (const kept of [features, keys]) if (kept && "release" in kept) kept.release();
      }
    },
  };
}

interface Decoder {
  readonly vocabulary: Vocabulary;
  readonly step: Session;
  readonly views: Views;
}

/** What the decoder reads of a batch: photos, and then the mirrored ones where there are any. */
interface Views {
  /** [all views, 49, F]; on a GPU it stays there, and steps pick out their rows. */
  readonly features: AnyTensor;
  /** [all views, 49, A], like `features`. */
  readonly keys: AnyTensor;
  /** Which rows of `features` and `keys` these views are. */
  readonly rows: readonly number[];
  /** [these views, S]. */
  readonly state: Tensor;
}

async function captionViews(
  decoder: Decoder,
  options: readonly CaptionOptions[],
  hasMirrored: boolean,
  signal: AbortSignal | undefined,
): Promise<Caption[][]> {
  const { vocabulary, views } = decoder;
  const requests = options.map((option) => {
    const { beamWidth = DEFAULT_BEAM_WIDTH, count = Math.min(DEFAULT_COUNT, beamWidth) } = option;
    return { beamWidth, count, rerank: isReranked(option), attention: option.attention ?? false };
  });
  const reranked = requests.flatMap(({ rerank }, photo) => (rerank ? [photo] : []));
  const searches = requests.map(({ beamWidth, count, rerank }) => {
    const candidates = beamWidth + MORE_CANDIDATES;
    return rerank ? { beamWidth: candidates, count: candidates } : { beamWidth, count };
  });
  const hypotheses = await beamSearch(
    [...searches, ...(hasMirrored ? reranked : []).map((photo) => searches[photo] as (typeof searches)[number])],
    vocabulary,
    floats(views.state),
    createStep(decoder, views, signal),
    signal,
  );
  const ranked = hypotheses
    .slice(0, requests.length)
    .map((each) => each.map((hypothesis) => ({ hypothesis, score: hypothesis.score })));
  if (reranked.length > 0) {
    const elections = await elect(reranked, requests.length, hypotheses, decoder, signal);
    reranked.forEach((photo, index) => {
      ranked[photo] = elections[index] as RankedHypothesis[];
    });
  }
  return ranked.map((candidates, photo) => {
    const { count, attention } = requests[photo] as (typeof requests)[number];
    if (candidates.length === 0) {
      throw new InklingError(
        "internal",
        "The captioning model gave no caption.",
        "Export the model again, or restore its files from the repository.",
      );
    }
    return candidates
      .map(({ hypothesis, score }) => toCaption(hypothesis, score, vocabulary, attention))
      .sort((a, b) => b.score - a.score)
      .slice(0, count);
  });
}

interface RankedHypothesis {
  readonly hypothesis: Hypothesis;
  readonly score: number;
}

/**
 * Ranks captions by how much samples agree with them.
 *
 * @param reranked - the photos among the `photos` first views; their mirrored views, where there are any, follow in this order
 * @param found - what the search found for each view
 * @returns for each of `reranked` its captions: those found, and those of its mirrored picture that were not, with the
 *   probabilities that the photo itself gives them
 */
async function elect(
  reranked: readonly number[],
  photos: number,
  found: readonly Hypothesis[][],
  decoder: Decoder,
  signal: AbortSignal | undefined,
): Promise<RankedHypothesis[][]> {
  const { vocabulary, views } = decoder;
  const mirrored = found
    .slice(photos)
    .map((hypotheses) => hypotheses.map(({ tokens }) => mirrorTokens(tokens, vocabulary)));
  const originals = takeViews(views, reranked);
  const draw = (of: Views, seed: number) =>
    sampleCaptions(
      of.state.dims[0] as number,
      { ...SAMPLES, seed },
      vocabulary,
      floats(of.state),
      createStep(decoder, of, signal),
      signal,
    );
  const samples = await draw(originals, 1);
  // Other numbers than for the photo itself: the same ones would draw much the same captions twice.
  const inMirror =
    mirrored.length > 0
      ? await draw(
          takeViews(
            views,
            mirrored.map((_, index) => photos + index),
          ),
          2,
        )
      : [];
  const added = await scoreCaptions(
    reranked.map((photo, index) => {
      const known = new Set((found[photo] as Hypothesis[]).map(({ tokens }) => tokens.join(" ")));
      return (mirrored[index] ?? []).filter((tokens) => !known.has(tokens.join(" ")));
    }),
    vocabulary,
    floats(originals.state),
    createStep(decoder, originals, signal),
    signal,
  );
  return reranked.map((photo, index) => {
    const candidates = [...(found[photo] as Hypothesis[]), ...(added[index] as Hypothesis[])];
    const votes = [
      ...(samples[index] as number[][]),
      ...(inMirror[index] ?? []).map((tokens) => mirrorTokens(tokens, vocabulary)),
    ];
    const scores = agreement(
      candidates.map(({ tokens }) => [...tokens, vocabulary.endToken]),
      votes,
      vocabulary.frequencies,
    );
    return candidates.map((hypothesis, candidate) => ({ hypothesis, score: scores[candidate] as number }));
  });
}

/** The decoder's step over those of the views that are still searched. */
function createStep({ step }: Decoder, { features, keys, rows }: Views, signal: AbortSignal | undefined): DecoderStep {
  return async ({ sources, beams, tokens, state }) => {
    const batch = sources.length;
    const photo = Int32Array.from(sources, (source) => rows[source] as number);
    const outputs = await step.run(
      {
        tokens: { type: "int32", data: tokens, dims: [batch, beams] },
        state: { type: "float32", data: state, dims: [batch, beams, state.length / (batch * beams)] },
        photo: { type: "int32", data: photo, dims: [batch] },
        features,
        keys,
      },
      signal,
    );
    return {
      logProbabilities: floats(output(outputs.logProbabilities, "logProbabilities")),
      nextState: floats(output(outputs.nextState, "nextState")),
      attention: floats(output(outputs.attention, "attention")),
    };
  };
}

function takeViews({ features, keys, rows, state }: Views, taken: readonly number[]): Views {
  return { features, keys, rows: taken.map((view) => rows[view] as number), state: takeRows(state, taken) };
}

function joinRows(first: Tensor, second: Tensor): Tensor {
  const data = new Float32Array(first.data.length + second.data.length);
  data.set(floats(first));
  data.set(floats(second), first.data.length);
  return {
    type: "float32",
    data,
    dims: [(first.dims[0] as number) + (second.dims[0] as number), ...first.dims.slice(1)],
  };
}

function takeRows(source: Tensor, rows: readonly number[]): Tensor {
  const data = source.data as Float32Array;
  const size = data.length / (source.dims[0] as number);
  const taken = new Float32Array(rows.length * size);
  rows.forEach((row, index) => {
    taken.set(data.subarray(row * size, (row + 1) * size), index * size);
  });
  return { type: "float32", data: taken, dims: [rows.length, ...source.dims.slice(1)] };
}

function toCaption(hypothesis: Hypothesis, score: number, vocabulary: Vocabulary, attention: boolean): Caption {
  const words = hypothesis.tokens.map((token) => vocabulary.words[token] as string);
  return {
    text: joinWords(words),
    score,
    logProbability: hypothesis.logProbability,
    tokens: words.map((text, index) => ({
      text,
      logProbability: hypothesis.logProbabilities[index] as number,
      ...(attention && { attention: roundWeights(hypothesis.attention[index] as Float32Array) }),
    })),
  };
}

function output<Value extends AnyTensor>(value: Value | undefined, name: string): Value {
  if (value === undefined) {
    throw new InklingError(
      "model_unavailable",
      `The captioning model has no output named ${name}.`,
      "Export the model again, or restore its files from the repository.",
    );
  }
  return value;
}

function floats(value: Tensor): Float32Array {
  return value.data as Float32Array;
}
