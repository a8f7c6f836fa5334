import { z } from "zod";
import { modelSchema, providerSchema } from "@/lib/http/schema";
import { DEFAULT_ANSWERS, MAX_ANSWERS, MAX_SENTENCE_LENGTH, MAX_SENTENCES } from "@/lib/stories/options";
import type { StoryAnswer } from "@/lib/stories/pipeline";

/** A text of words, short enough to be read. */
const sentence = z
  .string({ error: "must be a text" })
  .refine((text) => Array.from(text).length <= MAX_SENTENCE_LENGTH, {
    error: `must have at most ${MAX_SENTENCE_LENGTH} characters`,
    abort: true,
  })
  .regex(/[\p{L}\p{N}]/u, "must have a word or a digit")
  .meta({ minLength: 1, maxLength: MAX_SENTENCE_LENGTH });

const notSentences = `must be a list of 1 to ${MAX_SENTENCES} sentences`;
const countRule = `must be a whole number from 1 to ${MAX_ANSWERS}`;

export const storiesRequestSchema = z
  .object({
    story: z
      .array(z.unknown(), { error: notSentences })
      // Counted before the sentences are looked at one by one.
      .refine(({ length }) => length >= 1 && length <= MAX_SENTENCES, { error: notSentences, abort: true })
      .pipe(z.array(sentence))
      .describe(
        `In the order in which they are told, e.g. “Mary went to the kitchen.”; 1 to ${MAX_SENTENCES} sentences.`,
      ),
    question: sentence.describe("e.g. “Where is Mary?”"),
    count: z
      .int({ error: countRule })
      .min(1, countRule)
      .max(MAX_ANSWERS, countRule)
      .default(DEFAULT_ANSWERS)
      .describe("Answers to return."),
  })
  .meta({ id: "StoriesRequest" });

const weight = z.number().min(0).max(1);
const milliseconds = z.number().nonnegative();

export const storiesResponseSchema = z
  .object({
    answers: z
      .array(
        z.object({
          text: z.string().describe("A word, or words after commas where the answer is a list or a path."),
          probability: weight.describe("Calibrated on stories like those of bAbI."),
        }),
      )
      .min(1)
      .describe("Most probable first."),
    hops: z
      .array(z.array(weight).min(1))
      .min(1)
      .describe("For each time that the model looks at the story: one weight for each sentence; sums to 1."),
    unknownWords: z
      .array(z.string())
      .describe("Words that the model has not learned: it reads each as one and the same unknown word."),
    model: modelSchema,
    provider: providerSchema,
    timings: z
      .object({ queue: milliseconds.describe("Waiting for a turn."), answer: milliseconds, total: milliseconds })
      .describe("Milliseconds."),
  })
  .meta({ id: "StoriesResponse" }) satisfies z.ZodType<StoryAnswer>;

export type StoriesResponse = z.infer<typeof storiesResponseSchema>;
