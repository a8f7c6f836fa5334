import { z } from "zod";
import { providerSchema } from "@/lib/http/schema";

export const liveSchema = z.object({ status: z.literal("live") }).meta({ id: "Live" });

export const readySchema = z.object({ status: z.literal("ready"), provider: providerSchema }).meta({ id: "Ready" });
