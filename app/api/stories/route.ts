import { env } from "@/lib/env";
import { withJson } from "@/lib/http/json";
import { createRoute } from "@/lib/http/route";
import { deadlineSignal } from "@/lib/inference/deadline";
import { answerStory } from "@/lib/server/stories";
import { type StoriesResponse, storiesRequestSchema } from "./schema";

function answer(request: Request): Promise<Response> {
  return withJson(request, storiesRequestSchema, async (asked) => {
    // The time limit is the server's own: how long an upload takes is the client's affair.
    const { signal, release } = deadlineSignal(env.REQUEST_DEADLINE_MS, request.signal);
    try {
      return Response.json((await answerStory(asked, signal)) satisfies StoriesResponse);
    } finally {
      release();
    }
  });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute(
  "/api/stories",
  { POST: answer },
  { limited: true },
);
