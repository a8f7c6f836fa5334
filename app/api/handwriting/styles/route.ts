import { env } from "@/lib/env";
import { createRoute } from "@/lib/http/route";
import { deadlineSignal } from "@/lib/inference/deadline";
import { getStylePreviews } from "@/lib/server/handwriting";
import type { HandwritingStyles } from "../schema";

async function listStyles(request: Request): Promise<Response> {
  const { signal, release } = deadlineSignal(env.REQUEST_DEADLINE_MS, request.signal);
  try {
    return Response.json({ styles: await getStylePreviews(signal) } satisfies HandwritingStyles);
  } finally {
    release();
  }
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/handwriting/styles", { GET: listStyles });
