/** The parts that the answers of several tasks share. */
import { z } from "zod";
import { ERROR_CODES, type ErrorCode } from "@/lib/inference/errors";

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

export const imageSchema = z
  .object({
    sha256: sha256Schema.describe("SHA-256 of the bytes received."),
    width: z.int().positive().describe("Pixels, after EXIF orientation."),
    height: z.int().positive().describe("Pixels, after EXIF orientation."),
  })
  .meta({ id: "Image" });

export const modelSchema = z
  .object({
    name: z.string(),
    sha256: sha256Schema.describe("As `GET /api/models` lists it."),
  })
  .meta({ id: "Model" });

export const providerSchema = z
  .enum(["cpu", "cuda", "webgpu", "wasm", "remote"])
  .meta({ id: "Provider", description: "What really ran the model." });

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** RFC 9457, with a code that programs read and a suggestion that people read. */
export const problemSchema = z
  .object({
    type: z.string().describe("A URI for the kind of problem."),
    title: z.string().describe("The kind of problem, the same for each of its occurrences."),
    status: z.int().describe("The HTTP status."),
    detail: z.string().describe("What happened: names the field and what was received."),
    code: z.enum(codes),
    suggestion: z.string().describe("What to do about it."),
  })
  .meta({ id: "Problem" });

export type Problem = z.infer<typeof problemSchema>;
