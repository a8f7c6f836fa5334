import { type Answer, bestAnswers } from "@/lib/inference/answers";
import type { Engine, LoadOptions, Provider, Tensor } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { roundWeights } from "@/lib/vision/attention";
import { REGIONS } from "@/lib/vision/encoder";
import { type AnswerOptions, DEFAULT_ANSWERS } from "./options";
import { splitQuestion } from "./question";
import { PAD, parseVocabulary, UNKNOWN, type Vocabulary } from "./vocabulary";

/** All that answers need of a photo: made once, kept for every question on it. */
export interface PreparedPhoto {
  /** float32 [49, F]. */
  readonly features: Tensor;
  /** float32 [49, A]. */
  readonly keys: Tensor;
}

export interface PhotoQuestion extends AnswerOptions {
  /** At least one letter or digit. */
  readonly question: string;
  /** Which of the photos it is on. */
  readonly photo: number;
}

export interface QuestionWord {
  /** As the model reads it: lower case, clitics split off. */
  readonly text: string;
  /**
   * How much the best answer's probability falls when the word is not read (leave one out), 0 to 1; 0 where it rises, where
   * the word is not known and where it lies behind the last word that is read.
   */
  readonly importance: number;
  /** Whether the model has learned it. */
  readonly known: boolean;
}

export interface PhotoAnswer {
  /** Most probable first. */
  readonly answers: Answer[];
  /** What the question alone makes of it, as if there were no photo: the language prior. Most probable first. */
  readonly withoutImage: Answer[];
  /** Where the model looked: one weight for each region, row by row, sum 1. */
  readonly attention?: number[];
  readonly questionWords: QuestionWord[];
}

export interface Answerer {
  readonly provider: Provider;
  readonly vocabulary: Vocabulary;
  /**
   * Prepares photos, once for all questions on them.
   *
   * @param regions - float32 [photos, 49, C], as the vision encoder gives them
   * @param signal - checked before the run
   * @throws `InklingError` with code `internal` when the run fails, or the signal's reason when it is aborted
   */
  prepare(regions: Tensor, signal?: AbortSignal): Promise<PreparedPhoto[]>;
  /**
   * Answers a batch of questions, on one photo or on several.
   *
   * @param signal - checked before the run
   * @returns one for each question, in their order
   * @throws as `prepare` does
   */
  answer(
    photos: readonly PreparedPhoto[],
    questions: readonly PhotoQuestion[],
    signal?: AbortSignal,
  ): Promise<PhotoAnswer[]>;
}

/** A run of the model: a question, or a question without one of its words, on a photo. */
interface Row {
  readonly tokens: readonly number[];
  readonly photo: number;
}

/**
 * Loads the question answerer. The same code runs in the browser's worker and in the server's.
 *
 * @param channels - C, the length of the encoder's regions
 *
 * @example
 * const regions = await encoder.encode([pixels]);
 * const answerer = await createAnswerer(engine, regions.dims[2]);
 * const photos = await answerer.prepare(regions);
 * const [{ answers }] = await answerer.answer(photos, [{ question: "How many dogs are there?", photo: 0 }]);
 * answers[0]; // { text: "2", probability: 0.61 }
 *
 * @throws as `Engine.load` does
 */
export async function createAnswerer(engine: Engine, channels: number, options?: LoadOptions): Promise<Answerer> {
  const [vocabulary, prepareSession, answerSession] = await Promise.all([
    engine.readText("vqa/vocabulary.json").then(parseVocabulary),
    engine.load("vqa/prepare.onnx", options),
    engine.load("vqa/answer.onnx", options),
  ]);

  async function prepare(regions: Tensor, signal?: AbortSignal): Promise<PreparedPhoto[]> {
    const outputs = await prepareSession.run({ regions }, signal);
    const features = tensor(outputs.features, "features");
    const keys = tensor(outputs.keys, "keys");
    return Array.from({ length: features.dims[0] as number }, (_, photo) => ({
      features: copyRow(features, photo),
      keys: copyRow(keys, photo),
    }));
  }

  // Regions of zeros are what training showed in place of a missing photo.
  const blank: Tensor = { type: "float32", data: new Float32Array(REGIONS * channels), dims: [1, REGIONS, channels] };
  const [noPhoto] = (await prepare(blank, options?.signal)) as [PreparedPhoto];

  return {
    provider: answerSession.provider,
    vocabulary,
    prepare,
    async answer(photos, questions, signal) {
      const asked = questions.map(({ question, photo }) => ({ words: readWords(question, vocabulary), photo }));
      // Every question with and without the photo, and without each of its words, in one run.
      const rows = asked.map(({ words, photo }) => rowsFor(words, photo, photos.length));
      const everything = [...photos, noPhoto];
      const outputs = await answerSession.run(
        {
          ...layOut(rows.flat()),
          features: stack(everything.map(({ features }) => features)),
          keys: stack(everything.map(({ keys }) => keys)),
        },
        signal,
      );
      const probabilities = rowsOf(tensor(outputs.probabilities, "probabilities"));
      const attention = rowsOf(tensor(outputs.attention, "attention"));

      let row = 0;
      return asked.map(({ words }, index) => {
        const first = row;
        row += (rows[index] as Row[]).length;
        const withPhoto = probabilities[first] as Float32Array;
        const { count = DEFAULT_ANSWERS, attention: isWanted = false } = questions[index] as PhotoQuestion;
        return {
          answers: bestAnswers(withPhoto, vocabulary.answers, count),
          withoutImage: bestAnswers(probabilities[first + 1] as Float32Array, vocabulary.answers, count),
          ...(isWanted && { attention: roundWeights(attention[first] as Float32Array) }),
          questionWords: weighWords(words, withPhoto, probabilities.slice(first + 2, row)),
        };
      });
    },
  };
}

interface ReadWord {
  readonly text: string;
  readonly token: number;
  /** Whether it is among the first `maxLength` words. */
  readonly isRead: boolean;
}

function readWords(question: string, { idOf, maxLength }: Vocabulary): ReadWord[] {
  return splitQuestion(question).map((text, place) => ({ text, token: idOf(text), isRead: place < maxLength }));
}

/** Whether leaving the word out can change anything: an unknown one is read as left out anyway. */
const canMatter = ({ token, isRead }: ReadWord) => isRead && token !== UNKNOWN;

/** The question on its photo, the question on no photo, and on its photo the question without each word that can matter. */
function rowsFor(words: readonly ReadWord[], photo: number, noPhoto: number): Row[] {
  const tokens = words.filter(({ isRead }) => isRead).map(({ token }) => token);
  const leftOut = words.flatMap((word, place) => (canMatter(word) ? [tokens.with(place, UNKNOWN)] : []));
  return [{ tokens, photo }, { tokens, photo: noPhoto }, ...leftOut.map((without) => ({ tokens: without, photo }))];
}

/** @param withoutEach - probabilities without each word that can matter, in the words' order */
function weighWords(
  words: readonly ReadWord[],
  probabilities: Float32Array,
  withoutEach: readonly Float32Array[],
): QuestionWord[] {
  const best = probabilities.indexOf(Math.max(...probabilities));
  const remaining = withoutEach.values();
  return words.map((word) => {
    const without = canMatter(word) ? remaining.next().value : undefined;
    const fall = without === undefined ? 0 : (probabilities[best] as number) - (without[best] as number);
    return {
      text: word.text,
      importance: Math.round(Math.max(0, fall) * 1e6) / 1e6,
      known: word.token !== UNKNOWN,
    };
  });
}

/** `tokens` int32 [rows, words], filled up, and `photo` int32 [rows]. */
function layOut(rows: readonly Row[]): { tokens: Tensor; photo: Tensor } {
  const longest = Math.max(...rows.map(({ tokens }) => tokens.length));
  const tokens = new Int32Array(rows.length * longest).fill(PAD);
  rows.forEach((row, index) => {
    tokens.set(row.tokens, index * longest);
  });
  const photo = Int32Array.from(rows, (row) => row.photo);
  return {
    tokens: { type: "int32", data: tokens, dims: [rows.length, longest] },
    photo: { type: "int32", data: photo, dims: [rows.length] },
  };
}

/** The rows of float32 [N, …], which share its memory. */
function rowsOf(source: Tensor): Float32Array[] {
  const count = source.dims[0] as number;
  const size = source.data.length / count;
  return Array.from({ length: count }, (_, row) => floats(source).subarray(row * size, (row + 1) * size));
}

/** One row of float32 [N, …], so that a photo that is kept does not keep all photos that were prepared with it. */
function copyRow(source: Tensor, row: number): Tensor {
  return { type: "float32", data: (rowsOf(source)[row] as Float32Array).slice(), dims: source.dims.slice(1) };
}

/** N of float32 […] to [N, …]. */
function stack(tensors: readonly Tensor[]): Tensor {
  const [
    {
      data: { length: size },
      dims,
    },
  ] = tensors as readonly [Tensor];
  const data = new Float32Array(tensors.length * size);
  tensors.forEach((each, index) => {
    data.set(floats(each), index * size);
  });
  return { type: "float32", data, dims: [tensors.length, ...dims] };
}

function tensor(value: Tensor | undefined, name: string): Tensor {
  if (value === undefined) {
    throw new InklingError(
      "model_unavailable",
      `The question answering model has no output named ${name}.`,
      "Export the model again, or restore its files from the repository.",
    );
  }
  return value;
}

function floats(value: Tensor): Float32Array {
  return value.data as Float32Array;
}
