import { z } from "zod";
import { providerSchema } from "@/lib/http/schema";
import { manifestSchema } from "@/lib/inference/manifest";

/** `models/manifest.json`, and beside each model where it is loaded and how it scored. */
export const modelsResponseSchema = manifestSchema
  .extend({
    models: z.record(
      z.string(),
      manifestSchema.shape.models.valueType.extend({
        loaded: z.boolean().describe("Whether the server has it loaded and warm."),
        provider: providerSchema.nullable().describe("What runs it on the server; null while it is not loaded."),
        metrics: z
          .record(z.string(), z.unknown())
          .nullable()
          .describe("As the evaluation wrote them; null for a model that is not evaluated by itself."),
      }),
    ),
  })
  .meta({ id: "ModelsResponse" });

export type ModelsResponse = z.infer<typeof modelsResponseSchema>;
