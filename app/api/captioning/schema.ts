import { z } from "zod";
import { DEFAULT_BEAM_WIDTH, DEFAULT_COUNT, MAX_BEAM_WIDTH } from "@/lib/captioning/options";
import type { Caption } from "@/lib/captioning/pipeline";
import { booleanField, integerField } from "@/lib/http/fields";
import { imageSchema, modelSchema, providerSchema } from "@/lib/http/schema";

/** The options as they arrive: text of form fields or of the query. */
export const captioningOptionsSchema = z
  .object({
    beamWidth: integerField(1, MAX_BEAM_WIDTH)
      .default(DEFAULT_BEAM_WIDTH)
      .describe("Hypotheses that the beam search keeps at each step."),
    count: integerField(1, MAX_BEAM_WIDTH)
      .optional()
      .describe(`Captions to return, at most \`beamWidth\`; default min(${DEFAULT_COUNT}, \`beamWidth\`).`),
    rerank: booleanField()
      .optional()
      .describe(
        "Whether captions are ranked by agreement with samples of the model, which takes longer, or by probability; default true, and false while the server is busy with other clients' requests.",
      ),
    attention: booleanField().default(false).describe("Whether each word says where the model looked."),
  })
  .refine(({ beamWidth, count = 1 }) => count <= beamWidth, {
    path: ["count"],
    error: "must not be more than beamWidth",
  });

const tokenSchema = z.object({
  text: z.string(),
  logProbability: z.number().describe("Natural logarithm."),
  attention: z
    .array(z.number())
    .length(49)
    .optional()
    .describe("Where the model looked: a 7×7 grid over the whole photo, row by row; sums to 1."),
});

const captionSchema = z
  .object({
    text: z.string().describe("Lower case, without a full stop."),
    score: z
      .number()
      .describe("What captions are ranked by: agreement, 0 to 10, or without `rerank` the normalised log-probability."),
    logProbability: z.number().describe("Natural logarithm, summed over all tokens and the end token."),
    tokens: z.array(tokenSchema).describe("The words, without the end token."),
  })
  .meta({ id: "Caption" }) satisfies z.ZodType<Caption>;

const milliseconds = z.number().nonnegative();

export const captioningResponseSchema = z
  .object({
    captions: z.array(captionSchema).min(1).describe("Best score first."),
    reranked: z.boolean().describe("Whether they are ranked by agreement: see `rerank`."),
    image: imageSchema,
    model: modelSchema,
    provider: providerSchema,
    timings: z
      .object({
        queue: milliseconds.describe("Waiting for a turn."),
        decode: milliseconds.describe("Image file to pixels."),
        encode: milliseconds.describe("Pixels to regions; 0 when the photo's regions were kept from before."),
        generate: milliseconds.describe("Regions to captions."),
        total: milliseconds,
      })
      .describe("Milliseconds."),
  })
  .meta({ id: "CaptioningResponse" });

export type CaptioningResponse = z.infer<typeof captioningResponseSchema>;
