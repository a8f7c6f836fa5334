import { randomInt } from "node:crypto";
import { withJson } from "@/lib/http/json";
import { createRoute } from "@/lib/http/route";
import { MAX_SEED } from "@/lib/language/options";
import { admit, WEIGHTS } from "@/lib/server/admission";
import { continueOnServer } from "@/lib/server/language";
import { type LanguageResponse, languageRequestSchema } from "./schema";

function write(request: Request): Promise<Response> {
  return withJson(request, languageRequestSchema, async ({ seed = randomInt(MAX_SEED + 1), ...asked }) => {
    // Even no text has a beginning, which is read.
    const weight = WEIGHTS.character * (1 + asked.text.length + asked.length);
    const written = await admit(request, weight, (signal) => continueOnServer({ ...asked, seed }, signal));
    return Response.json(written satisfies LanguageResponse);
  });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute(
  "/api/language",
  { POST: write },
  { limited: true },
);
