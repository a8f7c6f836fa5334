import type { Engine, LoadOptions, Provider, Session, Tensor } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { roundWeights } from "@/lib/vision/attention";
import { beamSearch, type Hypothesis } from "./beam-search";
import { agreement } from "./consensus";
import type { DecoderStep } from "./decoder";
import { type CaptionOptions, DEFAULT_BEAM_WIDTH, DEFAULT_COUNT } from "./options";
import { sampleCaptions } from "./sampling";
import { joinWords, parseVocabulary, type Vocabulary } from "./vocabulary";

/** What captions are re-ranked by; chosen on dev photos. */
const SAMPLES = { count: 40, temperature: 0.7 };

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

export interface Captioner {
  readonly provider: Provider;
  readonly vocabulary: Vocabulary;
  /**
   * Captions a batch of photos, each with its own options.
   *
   * @param regions - float32 [batch, 49, C], as the vision encoder gives them
   * @param options - one for each photo
   * @param signal - checked before each word
   * @returns for each photo its captions, best score first
   * @throws `InklingError` with code `internal` when a run fails, or the signal's reason when it is aborted
   */
  caption(regions: Tensor, options: readonly CaptionOptions[], signal?: AbortSignal): Promise<Caption[][]>;
}

/**
 * Loads the caption decoder. The same code runs in the browser's worker and in the server's.
 *
 * @example
 * const captioner = await createCaptioner(engine);
 * const [captions] = await captioner.caption(await encoder.encode(pixels), [{ beamWidth: 4, count: 1 }]);
 * captions[0].text; // "a brown dog runs through the grass"
 *
 * @throws as `Engine.load` does
 */
export async function createCaptioner(engine: Engine, options?: LoadOptions): Promise<Captioner> {
  const [vocabulary, prepare, step] = await Promise.all([
    engine.readText("captioning/vocabulary.json").then(parseVocabulary),
    engine.load("captioning/prepare.onnx", options),
    engine.load("captioning/step.onnx", options),
  ]);
  return {
    provider: step.provider,
    vocabulary,
    async caption(regions, captionOptions, signal) {
      const prepared = await prepare.run({ regions }, signal);
      const features = tensor(prepared.features, "features");
      const keys = tensor(prepared.keys, "keys");
      const state = tensor(prepared.state, "state");
      const requests = captionOptions.map(
        ({
          beamWidth = DEFAULT_BEAM_WIDTH,
          count = Math.min(DEFAULT_COUNT, beamWidth),
          rerank = true,
          attention = false,
        }) => ({
          beamWidth,
          count,
          rerank: rerank && beamWidth > 1,
          attention,
        }),
      );
      const nBests = await beamSearch(
        requests.map(({ beamWidth, count, rerank }) => ({ beamWidth, count: rerank ? beamWidth : count })),
        vocabulary,
        floats(state),
        createStep(step, features, keys, signal),
        signal,
      );
      const ranked = nBests.map((hypotheses) => hypotheses.map(({ score }) => score));
      const reranked = requests.flatMap(({ rerank }, photo) => (rerank ? [photo] : []));
      if (reranked.length > 0) {
        const samples = await sampleCaptions(
          reranked.length,
          SAMPLES,
          vocabulary,
          floats(takeRows(state, reranked)),
          createStep(step, takeRows(features, reranked), takeRows(keys, reranked), signal),
          signal,
        );
        reranked.forEach((photo, index) => {
          const candidates = (nBests[photo] as Hypothesis[]).map(({ tokens }) => [...tokens, vocabulary.endToken]);
          ranked[photo] = agreement(candidates, samples[index] as number[][], vocabulary.frequencies);
        });
      }
      return nBests.map((hypotheses, photo) => {
        const { count, attention } = requests[photo] as (typeof requests)[number];
        const scores = ranked[photo] as number[];
        if (hypotheses.length === 0) {
          throw new InklingError(
            "internal",
            "The captioning model gave no caption.",
            "Export the model again, or restore its files from the repository.",
          );
        }
        return hypotheses
          .map((hypothesis, index) => toCaption(hypothesis, scores[index] as number, vocabulary, attention))
          .sort((a, b) => b.score - a.score)
          .slice(0, count);
      });
    },
  };
}

/** The decoder's step over the photos still searched. Photos that have finished are dropped from `features` and `keys`. */
function createStep(step: Session, features: Tensor, keys: Tensor, signal: AbortSignal | undefined): DecoderStep {
  let photos = features.dims[0] as number;
  let attended = { features, keys };
  return async (input) => {
    const batch = input.photos.length;
    if (batch !== photos) {
      photos = batch;
      attended = { features: takeRows(features, input.photos), keys: takeRows(keys, input.photos) };
    }
    const stateSize = input.state.length / (batch * input.beams);
    const outputs = await step.run(
      {
        tokens: { type: "int32", data: input.tokens, dims: [batch, input.beams] },
        state: { type: "float32", data: input.state, dims: [batch, input.beams, stateSize] },
        ...attended,
      },
      signal,
    );
    return {
      logProbabilities: floats(tensor(outputs.logProbabilities, "logProbabilities")),
      nextState: floats(tensor(outputs.nextState, "nextState")),
      attention: floats(tensor(outputs.attention, "attention")),
    };
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

function tensor(value: Tensor | undefined, name: string): Tensor {
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
