import { DEFAULT_COUNT } from "@/lib/captioning/options";
import { env } from "@/lib/env";
import { withImageUpload } from "@/lib/http/body";
import { parseFields } from "@/lib/http/fields";
import { createRoute } from "@/lib/http/route";
import { deadlineSignal } from "@/lib/inference/deadline";
import { captionImage } from "@/lib/server/captioning";
import { type CaptioningResponse, captioningOptionsSchema } from "./schema";

function caption(request: Request): Promise<Response> {
  return withImageUpload(request, async ({ image, fields }) => {
    const options = parseFields(captioningOptionsSchema, fields);
    const count = options.count ?? Math.min(DEFAULT_COUNT, options.beamWidth);
    // The time limit is the server's own: how long an upload takes is the client's affair.
    const { signal, release } = deadlineSignal(env.REQUEST_DEADLINE_MS, request.signal);
    try {
      const answer = await captionImage(image, { ...options, count }, signal);
      return Response.json(answer satisfies CaptioningResponse);
    } finally {
      release();
    }
  });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute(
  "/api/captioning",
  { POST: caption },
  { limited: true },
);
