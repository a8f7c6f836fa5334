import { DEFAULT_COUNT } from "@/lib/captioning/options";
import { withImageUpload } from "@/lib/http/body";
import { parseFields } from "@/lib/http/fields";
import { createRoute } from "@/lib/http/route";
import { admit, WEIGHTS } from "@/lib/server/admission";
import { captionImage } from "@/lib/server/captioning";
import { type CaptioningResponse, captioningOptionsSchema } from "./schema";

function caption(request: Request): Promise<Response> {
  return withImageUpload(request, async ({ image, fields }) => {
    const options = parseFields(captioningOptionsSchema, fields);
    const count = options.count ?? Math.min(DEFAULT_COUNT, options.beamWidth);
    const answer = await admit(request, WEIGHTS.caption, (signal) =>
      captionImage(image, { ...options, count }, signal),
    );
    return Response.json(answer satisfies CaptioningResponse);
  });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute(
  "/api/captioning",
  { POST: caption },
  { limited: true },
);
