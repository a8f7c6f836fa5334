import { z } from "zod";
import { modelSchema, providerSchema } from "@/lib/http/schema";
import {
  DEFAULT_LENGTH,
  DEFAULT_TEMPERATURE,
  MAX_LENGTH,
  MAX_SEED,
  MAX_TEMPERATURE,
  MAX_TEXT_LENGTH,
  MAX_UNITS,
} from "@/lib/language/options";
import type { Continuation } from "@/lib/language/pipeline";

/** Longer ones are not even looked at. A character that is sent may be read as up to three. */
const LONGEST_SENT = 4 * MAX_TEXT_LENGTH;

const whole = (maximum: number) => {
  const error = `must be a whole number from 0 to ${maximum}`;
  return z.int({ error }).min(0, error).max(maximum, error);
};
const temperatureRule = `must be a number from 0 to ${MAX_TEMPERATURE}`;
const unitRule = "must be a whole number from 0";
const unitsRule = `must be a list of at most ${MAX_UNITS} different units, whole numbers from 0`;

export const languageRequestSchema = z
  .object({
    text: z
      .string({ error: "must be a text" })
      .max(LONGEST_SENT, `must have at most ${MAX_TEXT_LENGTH} characters`)
      .describe(
        `To go on from, e.g. “It is a truth”; 0 to ${MAX_TEXT_LENGTH} characters. Typographic quotes and dashes are read as those of a typewriter, accents are left out.`,
      ),
    length: whole(MAX_LENGTH).default(DEFAULT_LENGTH).describe("Characters to write; 0 to read the text alone."),
    temperature: z
      .number({ error: temperatureRule })
      .min(0, temperatureRule)
      .max(MAX_TEMPERATURE, temperatureRule)
      .default(DEFAULT_TEMPERATURE)
      .describe("0 takes the likeliest character, 1 draws by the model's probabilities, above it is bolder."),
    seed: whole(MAX_SEED).optional().describe("The same one writes the same text; one is drawn where it is absent."),
    units: z
      .array(z.int({ error: unitRule }).min(0, unitRule), { error: unitsRule })
      .refine((units) => units.length <= MAX_UNITS && new Set(units).size === units.length, { error: unitsRule })
      .default([])
      .meta({ maxItems: MAX_UNITS, uniqueItems: true })
      .describe("Units whose memory to return for each character."),
  })
  .meta({ id: "LanguageRequest" });

const milliseconds = z.number().nonnegative();

export const languageResponseSchema = z
  .object({
    text: z.string().describe("The text as it was read, and what was written after it."),
    given: z.int().min(0).describe("How many of the characters were there before."),
    characters: z
      .array(
        z.object({
          text: z.string().describe("One character."),
          surprise: z.number().nonnegative().describe("−log₂ of the model's probability of it, in bits."),
          memory: z
            .array(z.number())
            .optional()
            .describe("c of each unit that was asked for, once the character is read."),
        }),
      )
      .describe("Of the whole text."),
    seed: whole(MAX_SEED),
    model: modelSchema,
    provider: providerSchema,
    timings: z
      .object({ queue: milliseconds.describe("Waiting for turns."), write: milliseconds, total: milliseconds })
      .describe("Milliseconds."),
  })
  .meta({ id: "LanguageResponse" }) satisfies z.ZodType<Continuation>;

export type LanguageResponse = z.infer<typeof languageResponseSchema>;
