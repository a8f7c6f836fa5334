import { DEFAULT_COUNT, isReranked } from "@/lib/captioning/options";
import { withImageUpload } from "@/lib/http/body";
import { parseFields } from "@/lib/http/fields";
import { createRoute } from "@/lib/http/route";
import { admit, assertOpen, servesOthers, WEIGHTS } from "@/lib/server/admission";
import { captionImage } from "@/lib/server/captioning";
import { type CaptioningResponse, captioningOptionsSchema } from "./schema";

function caption(request: Request): Promise<Response> {
  assertOpen(request);
  return withImageUpload(request, async ({ image, fields }) => {
    const asked = parseFields(captioningOptionsSchema, fields);
    const { count = Math.min(DEFAULT_COUNT, asked.beamWidth) } = asked;
    // A crowd is better served by a good caption each than by the best for a few: re-ranking takes most of the time.
    const options = { ...asked, count, rerank: asked.rerank ?? !servesOthers(request) };
    const weight = isReranked(options) ? WEIGHTS.caption : WEIGHTS.searched;
    const answer = await admit(request, weight, (signal) => captionImage(image, options, signal));
    return Response.json(answer satisfies CaptioningResponse);
  });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute(
  "/api/captioning",
  { POST: caption },
  { limited: true },
);
