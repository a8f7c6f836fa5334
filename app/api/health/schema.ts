import { z } from "zod";
import { providerSchema } from "@/lib/http/schema";

export const liveSchema = z.object({ status: z.literal("live") }).meta({ id: "Live" });

export const readySchema = z
  .object({
    status: z.literal("ready"),
    provider: providerSchema,
    fallbackReason: z
      .string()
      .optional()
      .describe("Why a faster provider that was tried does not run, or no longer does."),
    missing: z.array(z.string()).describe("Models that this server does not have: routes that need them answer 503."),
  })
  .meta({ id: "Ready" });
