import { z } from "zod";
import {
  DEFAULT_BIAS,
  DEFAULT_LINE_WIDTH,
  MAX_BIAS,
  MAX_DREAM_LINES,
  MAX_LINE_WIDTH,
  MAX_PRIME_POINTS,
  MAX_PRIME_TEXT_LENGTH,
  MAX_SEED,
  MAX_TEXT_LENGTH,
  MIN_LINE_WIDTH,
  MIN_PRIME_POINTS,
} from "@/lib/handwriting/options";
import type { Writing } from "@/lib/handwriting/types";
import { integerField, numberField } from "@/lib/http/fields";
import { modelSchema, problemSchema, providerSchema } from "@/lib/http/schema";

/** Farthest coordinate of a prime: beyond it differences lose their digits. */
const MAX_COORDINATE = 1e9;

const bounded = (schema: z.ZodNumber, minimum: number, maximum: number, kind: string) => {
  const error = `must be ${kind} from ${minimum} to ${maximum}`;
  return schema.min(minimum, error).max(maximum, error);
};
const integer = (minimum: number, maximum: number) =>
  bounded(z.int({ error: `must be a whole number from ${minimum} to ${maximum}` }), minimum, maximum, "a whole number");
const decimal = (minimum: number, maximum: number) =>
  bounded(z.number({ error: `must be a number from ${minimum} to ${maximum}` }), minimum, maximum, "a number");

const NOT_A_POINT = "must be a point: [x, y] or [x, y, milliseconds], in numbers";
const coordinate = z
  .number({ error: "must be a number" })
  .min(-MAX_COORDINATE, `must be at least ${-MAX_COORDINATE}`)
  .max(MAX_COORDINATE, `must be at most ${MAX_COORDINATE}`);
const primePoint = z.union([z.tuple([coordinate, coordinate]), z.tuple([coordinate, coordinate, coordinate])], {
  error: NOT_A_POINT,
});

const primeSchema = z
  .strictObject(
    {
      text: z
        .string({ error: "must be a text" })
        .meta({ maxLength: MAX_PRIME_TEXT_LENGTH })
        .optional()
        .describe("What the ink says; it is read where this is absent, and the answer says what was read."),
      strokes: z
        .array(z.array(z.unknown(), { error: "must be a list of points" }), { error: "must be a list of strokes" })
        // Counted before the points are looked at one by one.
        .refine(
          (strokes) => {
            const points = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
            return points >= MIN_PRIME_POINTS && points <= MAX_PRIME_POINTS;
          },
          { error: `must have ${MIN_PRIME_POINTS} to ${MAX_PRIME_POINTS} points`, abort: true },
        )
        .pipe(z.array(z.array(primePoint)))
        .describe(
          `One's own hand: ${MIN_PRIME_POINTS} to ${MAX_PRIME_POINTS} points, of any scale, y growing downwards.`,
        ),
    },
    { error: "must be an object of strokes and, where it is known, their text" },
  )
  .meta({ id: "Prime" });

const seedRule = "The same seed writes the same strokes; a random one where it is absent. The answer returns it.";
const styleRule = "An id that `GET /api/handwriting/styles` lists, the first where it is absent";
const biasRule = "Legibility: narrows the density that each point is drawn from.";
const lineWidthRule = "Characters a line.";
const textRule = `In printable ASCII, at most ${MAX_TEXT_LENGTH} characters after Unicode's NFC. Line breaks are kept, at most 20 lines.`;

/** The body of a POST. */
export const handwritingRequestSchema = z
  .object({
    text: z
      .string({ error: "must be a text" })
      .meta({ minLength: 1, maxLength: MAX_TEXT_LENGTH })
      .optional()
      .describe(textRule),
    dream: integer(1, MAX_DREAM_LINES)
      .optional()
      .describe(
        "How many lines to write without a text, in place of `text`: they look like words and say nothing. `lineWidth` is not looked at.",
      ),
    seed: integer(0, MAX_SEED).optional().describe(seedRule),
    style: z
      .string({ error: "must be the id of a style, or null" })
      .nullable()
      .optional()
      .describe(`${styleRule}, with \`dream\` nobody's; null for nobody's hand. Not beside \`prime\`.`),
    prime: primeSchema.optional().describe("Ink in whose hand to write."),
    bias: decimal(0, MAX_BIAS).default(DEFAULT_BIAS).describe(biasRule),
    lineWidth: integer(MIN_LINE_WIDTH, MAX_LINE_WIDTH).default(DEFAULT_LINE_WIDTH).describe(lineWidthRule),
  })
  .meta({ id: "HandwritingRequest", oneOf: [{ required: ["text"] }, { required: ["dream"] }] });

const COLOR = /^(#[0-9a-fA-F]{3,4}|#[0-9a-fA-F]{6}|#[0-9a-fA-F]{8}|[a-zA-Z]{1,30})$/;

/** The query of a GET. */
export const handwritingQuerySchema = z.object({
  text: z.string().meta({ minLength: 1, maxLength: MAX_TEXT_LENGTH }).describe(textRule),
  seed: integerField(0, MAX_SEED).optional().describe(seedRule),
  style: z.string().optional().describe(`${styleRule}; \`none\` for nobody's hand.`),
  bias: numberField(0, MAX_BIAS).default(DEFAULT_BIAS).describe(biasRule),
  lineWidth: integerField(MIN_LINE_WIDTH, MAX_LINE_WIDTH).default(DEFAULT_LINE_WIDTH).describe(lineWidthRule),
  strokeWidth: numberField(0.1, 20).default(2.5).describe("Of the pen, in twentieths of the x-height."),
  color: z
    .string()
    .regex(COLOR, "must be a colour's name, or # and 3, 4, 6 or 8 hexadecimal digits")
    .default("black")
    .describe("Of the ink."),
});

const point = z.tuple([z.number(), z.number()]);
const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();

export const handwritingResponseSchema = z
  .object({
    strokes: z
      .array(z.array(point).min(1))
      .min(1)
      .describe(
        "Each a pen-down stroke of points [x, y], in twentieths of the x-height, y growing downwards; the origin is the ink's top left.",
      ),
    origin: point.describe("What is added to a point of the streamed events to have the same point here."),
    lines: z.array(
      z.object({
        baseline: z.number(),
        stroke: count.describe("Index of its first stroke."),
        strokes: count.describe("How many it has; 0 for a line that is left free."),
      }),
    ),
    width: z.number().nonnegative(),
    height: z.number().nonnegative(),
    characters: z
      .array(z.object({ text: z.string(), stroke: count, point: count }))
      .describe("For each character of `text` the first point at or after the window reaches it; never decreasing."),
    seed: count,
    style: z.string().nullable(),
    text: z.string().describe("As it was written: in NFC. Empty of a dream."),
    primeText: z.string().optional().describe("What was read in a prime without text."),
    warnings: z.array(z.string()),
    points: count.describe("Points sampled, withdrawn ones included."),
    model: modelSchema,
    provider: providerSchema,
    timings: z
      .object({
        queue: milliseconds.describe("Waiting for a turn."),
        read: milliseconds.describe("Laying out the text, and normalising and reading a prime."),
        write: milliseconds,
        total: milliseconds,
      })
      .describe("Milliseconds."),
  })
  .meta({ id: "HandwritingResponse" }) satisfies z.ZodType<Writing>;

/** All of it read-only, as the pipeline's types are; zod's own `readonly` would tell OpenAPI that a field cannot be sent. */
type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;

export type HandwritingResponse = Frozen<z.infer<typeof handwritingResponseSchema>>;

/** One line of a stream. */
export const handwritingEventSchema = z
  .discriminatedUnion("type", [
    z
      .object({
        type: z.literal("strokes"),
        line: count,
        stroke: count.describe("Index in the result's `strokes`."),
        points: z
          .array(point)
          .min(1)
          .describe("Added to that stroke; the result's `origin` says where they are there."),
        penUp: z.boolean().describe("Whether the stroke ends with them."),
      })
      .describe("What is new of a line. Lines come in their order."),
    z
      .object({ type: z.literal("reset"), line: count, attempt: count })
      .describe("What came of the line is no longer true: it is drawn again."),
    handwritingResponseSchema.extend({ type: z.literal("result") }),
    problemSchema.extend({ type: z.literal("error") }),
  ])
  .meta({ id: "HandwritingEvent" });

export type HandwritingEvent = Frozen<z.infer<typeof handwritingEventSchema>>;

export const handwritingStylesSchema = z
  .object({
    styles: z
      .array(z.object({ id: z.string(), name: z.string(), preview: z.string().describe("An SVG, as text.") }))
      .min(1)
      .describe("The first is the default."),
  })
  .meta({ id: "HandwritingStyles" });

export type HandwritingStyles = z.infer<typeof handwritingStylesSchema>;
