import { beamSearch, type Hypothesis } from "@/lib/inference/beam-search";
import type { Engine, LoadOptions, Provider, Session } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { roundWeights } from "@/lib/vision/attention";
import { agreements } from "./agreement";
import { findAlternatives, type WordAlternatives } from "./alternatives";
import { createStep, encode, takeEncoded } from "./decoder";
import { DEFAULT_BEAM_WIDTH, DEFAULT_COUNT, type TranslationRequest, VARIANTS, type Variant } from "./options";
import { splitSubwords } from "./subwords";
import { checkText } from "./text";
import { parseVocabulary, type Vocabulary, WORD_START } from "./vocabulary";

export interface TranslationToken {
  /** A word or a part of one, with a space before what begins a word: all together, and trimmed, are the translation. */
  readonly text: string;
  /** Natural logarithm. */
  readonly logProbability: number;
  /** One weight for each source token, sum 1; absent from the variant that does not attend. */
  readonly attention?: number[];
}

export interface Translation {
  readonly text: string;
  /** `logProbability / (tokens.length + 1) ** lengthPenalty`, which the search ranks by. */
  readonly score: number;
  /** How much it has in common with all that the search has found, 0 to 1: translations are ranked by it. */
  readonly agreement: number;
  /** Natural logarithm, summed over `tokens` and the end token. */
  readonly logProbability: number;
  readonly tokens: TranslationToken[];
}

export interface Translated {
  /** Those that agree most with all others first. */
  readonly translations: Translation[];
  /** The text's tokens as `TranslationToken` has them, and `<end>` behind them. */
  readonly source: string[];
  /** Of the first translation, word by word; absent where none were asked for. */
  readonly words?: WordAlternatives[];
}

export interface Translator {
  readonly provider: Provider;
  readonly vocabulary: Vocabulary;
  /**
   * Translates a batch of texts, each in its own way.
   *
   * @param signal - checked before each token
   * @returns one for each request, in their order
   * @throws `InklingError` as `checkText` does, or with code `internal` when a run fails, or the signal's reason when it is aborted
   */
  translate(requests: readonly TranslationRequest[], signal?: AbortSignal): Promise<Translated[]>;
}

/**
 * Loads both translators. The same code runs in the browser's worker and in the server's.
 *
 * @example
 * const translator = await createTranslator(engine);
 * const [{ translations }] = await translator.translate([{ text: "Where is the station?" }]);
 * translations[0].text; // "Где вокзал?"
 *
 * @throws as `Engine.load` does
 */
export async function createTranslator(engine: Engine, options?: LoadOptions): Promise<Translator> {
  const [vocabulary, ...graphs] = await Promise.all([
    engine.readText("translation/vocabulary.json").then(parseVocabulary),
    ...VARIANTS.map((variant) => loadGraphs(engine, variant, options)),
  ]);
  const graphsOf = Object.fromEntries(graphs.map((each) => [each.variant, each])) as Record<Variant, Graphs>;
  return {
    provider: graphsOf.attention.step.provider,
    vocabulary,
    async translate(requests, signal) {
      const asked = requests.map((request) => ({ ...request, source: toSource(request.text, vocabulary) }));
      const answers: Translated[] = new Array(requests.length);
      for (const variant of VARIANTS) {
        const places = asked.flatMap(({ variant: each = "attention" }, place) => (each === variant ? [place] : []));
        if (places.length === 0) continue;
        const part = places.map((place) => asked[place] as Asked);
        const found = await translateAlike(graphsOf[variant], part, vocabulary, signal);
        places.forEach((place, index) => {
          answers[place] = found[index] as Translated;
        });
      }
      return answers;
    },
  };
}

interface Graphs {
  readonly variant: Variant;
  readonly encoder: Session;
  readonly step: Session;
}

interface Asked extends TranslationRequest {
  /** Pieces, without `<end>`. */
  readonly source: readonly string[];
}

async function loadGraphs(engine: Engine, variant: Variant, options?: LoadOptions): Promise<Graphs> {
  const [encoder, step] = await Promise.all([
    engine.load(`translation/${variant}-encode.onnx`, options),
    engine.load(`translation/${variant}-step.onnx`, options),
  ]);
  return { variant, encoder, step };
}

function toSource(text: string, { idOf }: Vocabulary): readonly string[] {
  return splitSubwords(checkText(text), idOf);
}

/** Translates texts that all want the same variant. */
async function translateAlike(
  { variant, encoder, step }: Graphs,
  asked: readonly Asked[],
  vocabulary: Vocabulary,
  signal: AbortSignal | undefined,
): Promise<Translated[]> {
  const sentences = asked.map(({ source }) => [
    ...source.map((piece) => vocabulary.idOf(piece) ?? vocabulary.unknownToken),
    vocabulary.endToken,
  ]);
  const encoded = await encode(encoder, sentences, variant === "attention", signal);
  const requests = asked.map(({ beamWidth = DEFAULT_BEAM_WIDTH }, i) => ({
    beamWidth,
    count: beamWidth,
    maxLength: longestTranslation((sentences[i] as number[]).length),
  }));
  const state = encoded.state.data as Float32Array;
  const searched = await beamSearch(requests, vocabulary, state, createStep(step, encoded, signal), signal);
  const found = searched.map((hypotheses, i) => {
    const { beamWidth = DEFAULT_BEAM_WIDTH, count = Math.min(DEFAULT_COUNT, beamWidth) } = asked[i] as Asked;
    return rank(hypotheses, vocabulary).slice(0, count);
  });
  if (found.some(({ length }) => length === 0)) throw noTranslation();

  const curious = asked.flatMap(({ alternatives = 0 }, place) => (alternatives > 0 ? [place] : []));
  const words = await findAlternatives(
    curious.map((place) => (found[place] as Ranked[])[0]?.tokens ?? []),
    curious.map((place) => asked[place]?.alternatives ?? 0),
    vocabulary,
    takeEncoded(encoded, curious),
    step,
    signal,
  );
  return asked.map(({ source }, place) => {
    const length = (sentences[place] as number[]).length;
    const at = curious.indexOf(place);
    return {
      translations: (found[place] as Ranked[]).map((each) => toTranslation(each, length, vocabulary)),
      source: [...source.map(spaced), "<end>"],
      ...(at >= 0 && { words: words[at] as WordAlternatives[] }),
    };
  });
}

/** Most tokens of a translation: a decoder that does not end is stopped. As `training/translation/search.py` has it. */
function longestTranslation(sourceTokens: number): number {
  return 2 * sourceTokens + 8;
}

interface Ranked extends Hypothesis {
  readonly agreement: number;
}

/**
 * @returns those that agree most with all others first; of such that agree alike, the search's better one, as of such that say
 *   the same in other pieces
 */
function rank(hypotheses: readonly Hypothesis[], { russian }: Vocabulary): Ranked[] {
  const texts = hypotheses.map(({ tokens, score }) => ({
    text: tokens.map((token) => spaced(russian[token] as string)).join(""),
    score,
  }));
  const agreement = agreements(texts);
  return hypotheses
    .map((hypothesis, index) => ({ ...hypothesis, agreement: agreement[index] as number }))
    .filter((_, index) => texts.findIndex(({ text }) => text === texts[index]?.text) === index)
    .sort((a, b) => b.agreement - a.agreement);
}

function toTranslation(hypothesis: Ranked, sourceLength: number, { russian }: Vocabulary): Translation {
  const texts = hypothesis.tokens.map((token) => spaced(russian[token] as string));
  return {
    text: texts.join("").trim(),
    score: hypothesis.score,
    agreement: hypothesis.agreement,
    logProbability: hypothesis.logProbability,
    tokens: texts.map((text, index) => {
      const weights = hypothesis.attention[index] as Float32Array;
      return {
        text,
        logProbability: hypothesis.logProbabilities[index] as number,
        ...(weights.length > 0 && { attention: roundWeights(weights.subarray(0, sourceLength)) }),
      };
    }),
  };
}

function spaced(piece: string): string {
  return piece.replace(WORD_START, " ");
}

function noTranslation(): InklingError {
  return new InklingError(
    "internal",
    "The translation model gave no translation.",
    "Export the model again, or restore its files from the repository.",
  );
}
