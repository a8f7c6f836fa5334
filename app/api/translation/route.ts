import { withJson } from "@/lib/http/json";
import { createRoute } from "@/lib/http/route";
import { admit, WEIGHTS } from "@/lib/server/admission";
import { translateText } from "@/lib/server/translation";
import { checkCount, type TranslationResponse, translationRequestSchema } from "./schema";

function translate(request: Request): Promise<Response> {
  return withJson(request, translationRequestSchema, async (asked) => {
    const counted = checkCount(asked);
    const translated = await admit(request, WEIGHTS.translation, (signal) => translateText(counted, signal));
    return Response.json(translated satisfies TranslationResponse);
  });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute(
  "/api/translation",
  { POST: translate },
  { limited: true },
);
