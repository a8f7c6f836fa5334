import { z } from "zod";
import { modelSchema, providerSchema } from "@/lib/http/schema";
import { InklingError } from "@/lib/inference/errors";
import {
  DEFAULT_BEAM_WIDTH,
  DEFAULT_COUNT,
  MAX_ALTERNATIVES,
  MAX_BEAM_WIDTH,
  MAX_TEXT_LENGTH,
  VARIANTS,
} from "@/lib/translation/options";
import type { Translated } from "@/lib/translation/pipeline";

function wholeNumber(minimum: number, maximum: number) {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z.int({ error }).min(minimum, error).max(maximum, error);
}

export const translationRequestSchema = z
  .object({
    text: z
      .string({ error: "must be a text" })
      .describe(`English, 1 to ${MAX_TEXT_LENGTH} characters, e.g. “Where is the station?”`)
      // How long it is, and of what signs, is said with codes of their own.
      .meta({ minLength: 1, maxLength: MAX_TEXT_LENGTH }),
    variant: z
      .enum(VARIANTS, { error: `must be ${VARIANTS.map((name) => `"${name}"`).join(" or ")}` })
      .default("attention")
      .describe("Whether the decoder looks at the text at each token, or has one vector of all of it."),
    beamWidth: wholeNumber(1, MAX_BEAM_WIDTH)
      .default(DEFAULT_BEAM_WIDTH)
      .describe("Hypotheses that are kept while the next token is sought."),
    count: wholeNumber(1, MAX_BEAM_WIDTH)
      .optional()
      .describe(
        `Translations to return, at most beamWidth; default ${DEFAULT_COUNT}, or beamWidth where that is less.`,
      ),
    alternatives: wholeNumber(0, MAX_ALTERNATIVES)
      .default(0)
      .describe("Other words to name at each word of the first translation."),
  })
  .meta({ id: "TranslationRequest" });

export type TranslationBody = z.output<typeof translationRequestSchema>;

/**
 * The request with its count.
 *
 * @throws `InklingError` with code `invalid_field` where that is more than the beam is wide
 */
export function checkCount(body: TranslationBody): TranslationBody & { readonly count: number } {
  const { beamWidth, count = Math.min(DEFAULT_COUNT, beamWidth) } = body;
  if (count <= beamWidth) return { ...body, count };
  throw new InklingError(
    "invalid_field",
    `count must be at most beamWidth, which is ${beamWidth}; it was ${count}.`,
    "Lower count, or widen the beam.",
  );
}

const probability = z.number().min(0).max(1);
const logarithm = z.number().max(0);
const milliseconds = z.number().nonnegative();

export const translationResponseSchema = z
  .object({
    translations: z
      .array(
        z.object({
          text: z.string(),
          score: logarithm.describe("`logProbability` over the number of tokens, the end included."),
          agreement: probability.describe("How much it has in common (chrF) with all that the search has found."),
          logProbability: logarithm.describe("Natural logarithm, summed over the tokens and the end."),
          tokens: z
            .array(
              z.object({
                text: z.string().describe("A word or a part of one, with a space before what begins a word."),
                logProbability: logarithm,
                attention: z
                  .array(probability)
                  .optional()
                  .describe("One weight for each of `source`; sums to 1. Absent from the plain variant."),
              }),
            )
            .min(1),
        }),
      )
      .min(1)
      .describe("Those that agree most with all others first."),
    source: z.array(z.string()).min(2).describe("The text's tokens, and `<end>` behind them."),
    words: z
      .array(
        z.object({
          text: z.string().describe("The word with its marks."),
          tokens: z.int().positive().describe("How many of the translation's tokens make it."),
          alternatives: z
            .array(z.object({ text: z.string(), probability }))
            .describe("What might stand there as well after the words before it, most probable first."),
        }),
      )
      .optional()
      .describe("Of the first translation, where alternatives were asked for."),
    model: modelSchema,
    provider: providerSchema,
    timings: z
      .object({ queue: milliseconds.describe("Waiting for a turn."), translate: milliseconds, total: milliseconds })
      .describe("Milliseconds."),
  })
  .meta({ id: "TranslationResponse" }) satisfies z.ZodType<Translated>;

export type TranslationResponse = z.infer<typeof translationResponseSchema>;
