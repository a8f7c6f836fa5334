import { z } from "zod";
import { booleanField, integerField } from "@/lib/http/fields";
import { imageSchema, modelSchema, providerSchema } from "@/lib/http/schema";
import { DEFAULT_ANSWERS, MAX_ANSWERS, MAX_QUESTION_LENGTH } from "@/lib/vqa/options";
import type { PhotoAnswer } from "@/lib/vqa/pipeline";

/** The fields beside the image as they arrive: text of form fields or of the query. */
export const vqaFieldsSchema = z.object({
  imageSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits")
    .optional()
    .describe("In place of the image: `image.sha256` of an answer to one that was sent lately."),
  question: z
    .string()
    .refine((text) => Array.from(text).length <= MAX_QUESTION_LENGTH, {
      error: `must have at most ${MAX_QUESTION_LENGTH} characters`,
      abort: true,
    })
    .regex(/[\p{L}\p{N}]/u, "must have a word or a digit")
    .meta({ minLength: 1, maxLength: MAX_QUESTION_LENGTH })
    .describe("In English, e.g. “How many dogs are there?”"),
  count: integerField(1, MAX_ANSWERS).default(DEFAULT_ANSWERS).describe("Answers to return."),
  attention: booleanField().default(false).describe("Whether the answer says where the model looked."),
});

const probability = z.number().min(0).max(1);

const answerSchema = z
  .object({
    text: z.string().describe("One canonical spelling for each answer: “2”, not “two”."),
    probability: probability.describe("Calibrated: of the answers given with 0.6, about 60 of 100 are right."),
  })
  .meta({ id: "Answer" });

const questionWordSchema = z
  .object({
    text: z.string().describe("As the model reads it: lower case, clitics split off."),
    importance: probability.describe("How much the best answer's probability falls when the word is not read."),
    known: z.boolean().describe("Whether the model has learned the word."),
  })
  .meta({ id: "QuestionWord" });

const milliseconds = z.number().nonnegative();

export const vqaResponseSchema = z
  .object({
    answers: z.array(answerSchema).min(1).describe("Most probable first."),
    withoutImage: z
      .array(answerSchema)
      .min(1)
      .describe("What the question alone makes of it, as if there were no photo: the language prior."),
    attention: z
      .array(z.number())
      .length(49)
      .optional()
      .describe("Where the model looked: a 7×7 grid over the whole photo, row by row; sums to 1."),
    questionWords: z.array(questionWordSchema).min(1),
    image: imageSchema,
    model: modelSchema,
    provider: providerSchema,
    timings: z
      .object({
        queue: milliseconds.describe("Waiting for a turn."),
        decode: milliseconds.describe("Image file to pixels."),
        encode: milliseconds.describe("Pixels to regions; 0 when the photo's regions were kept from before."),
        answer: milliseconds.describe("Regions and question to answers."),
        total: milliseconds,
      })
      .describe("Milliseconds."),
  })
  .meta({ id: "VqaResponse" }) satisfies z.ZodType<PhotoAnswer>;

export type VqaResponse = z.infer<typeof vqaResponseSchema>;

export const vqaVocabularySchema = z
  .object({
    answers: z.array(z.string()).min(1).describe("All that can be answered, the most frequent in training first."),
    words: z.int().positive().describe("How many words of questions are known."),
  })
  .meta({ id: "VqaVocabulary" });

export type VqaVocabulary = z.infer<typeof vqaVocabularySchema>;
