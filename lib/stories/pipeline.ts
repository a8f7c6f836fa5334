import { type Answer, bestAnswers } from "@/lib/inference/answers";
import type { Engine, LoadOptions, Provider, Tensor } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { roundWeights } from "@/lib/vision/attention";
import { DEFAULT_ANSWERS } from "./options";
import { PAD, parseVocabulary, UNKNOWN, type Vocabulary } from "./vocabulary";
import { splitWords } from "./words";

export interface StoryQuestion {
  /** 1 to 100 sentences, each with a letter or digit at least. */
  readonly story: readonly string[];
  /** With a letter or digit at least. */
  readonly question: string;
  /** Answers to return, 1 to 20; default 3. */
  readonly count?: number;
}

export interface StoryAnswer {
  /** Most probable first. */
  readonly answers: Answer[];
  /** For each time that the model looks at the story, in their order: one weight for each sentence, sum 1. */
  readonly hops: number[][];
  /** Words of the story and the question that the model has not learned, in lower case, each once. */
  readonly unknownWords: string[];
}

export interface StoryReader {
  readonly provider: Provider;
  readonly vocabulary: Vocabulary;
  /**
   * Answers a batch of questions, each on a story of its own.
   *
   * @param signal - checked before the run
   * @returns one for each question, in their order
   * @throws `InklingError` with code `internal` when the run fails, or the signal's reason when it is aborted
   */
  answer(questions: readonly StoryQuestion[], signal?: AbortSignal): Promise<StoryAnswer[]>;
}

/**
 * Loads the reader of stories. The same code runs in the browser's worker and in the server's.
 *
 * @example
 * const reader = await createStoryReader(engine);
 * const [{ answers }] = await reader.answer([{ story: ["Mary went to the kitchen."], question: "Where is Mary?" }]);
 * answers[0]; // { text: "kitchen", probability: 0.98 }
 *
 * @throws as `Engine.load` does
 */
export async function createStoryReader(engine: Engine, options?: LoadOptions): Promise<StoryReader> {
  const [vocabulary, session] = await Promise.all([
    engine.readText("stories/vocabulary.json").then(parseVocabulary),
    engine.load("stories/answer.onnx", options),
  ]);
  return {
    provider: session.provider,
    vocabulary,
    async answer(questions, signal) {
      const read = questions.map(({ story, question }) => ({
        story: story.map(splitWords),
        question: splitWords(question),
      }));
      const stories = read.map(({ story }) => story.map((words) => words.map(vocabulary.idOf)));
      const asked = read.map(({ question }) => question.map(vocabulary.idOf));
      const inputs = { story: layOutStories(stories), question: layOut(asked) };
      const { probabilities, attention } = await session.run(inputs, signal);
      if (!probabilities || !attention) throw incomplete();
      const [, hops = 0, longest = 0] = attention.dims;
      return questions.map(({ story, count = DEFAULT_ANSWERS }, row) => ({
        answers: bestAnswers(slice(probabilities, row, vocabulary.answers.length), vocabulary.answers, count),
        hops: Array.from({ length: hops }, (_, hop) =>
          roundWeights(slice(attention, row * hops + hop, longest).subarray(0, story.length)),
        ),
        unknownWords: unknownWords([...(read[row]?.story.flat() ?? []), ...(read[row]?.question ?? [])], vocabulary),
      }));
    },
  };
}

function unknownWords(words: readonly string[], { idOf }: Vocabulary): string[] {
  return [...new Set(words.filter((word) => idOf(word) === UNKNOWN))];
}

/** int32 [batch, words], filled up. */
function layOut(rows: readonly (readonly number[])[]): Tensor {
  const longest = Math.max(...rows.map(({ length }) => length));
  const data = new Int32Array(rows.length * longest).fill(PAD);
  rows.forEach((row, index) => {
    data.set(row, index * longest);
  });
  return { type: "int32", data, dims: [rows.length, longest] };
}

/** int32 [batch, sentences, words], filled up with words and, at the end, with sentences. */
function layOutStories(stories: readonly (readonly (readonly number[])[])[]): Tensor {
  const sentences = Math.max(...stories.map(({ length }) => length));
  const { data, dims } = layOut(
    stories.flatMap((story) => Array.from({ length: sentences }, (_, sentence) => story[sentence] ?? [])),
  );
  return { type: "int32", data, dims: [stories.length, sentences, dims[1] as number] };
}

/** A row of float32 [N, size], which shares its memory. */
function slice({ data }: Tensor, row: number, size: number): Float32Array {
  return (data as Float32Array).subarray(row * size, (row + 1) * size);
}

function incomplete(): InklingError {
  return new InklingError(
    "model_unavailable",
    "The reader of stories has no output named probabilities or attention.",
    "Export the model again, or restore its files from the repository.",
  );
}
