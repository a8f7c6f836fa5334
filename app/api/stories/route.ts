import { withJson } from "@/lib/http/json";
import { createRoute } from "@/lib/http/route";
import { admit, WEIGHTS } from "@/lib/server/admission";
import { answerStory } from "@/lib/server/stories";
import { type StoriesResponse, storiesRequestSchema } from "./schema";

function answer(request: Request): Promise<Response> {
  return withJson(request, storiesRequestSchema, async (asked) => {
    const answered = await admit(request, WEIGHTS.story, (signal) => answerStory(asked, signal));
    return Response.json(answered satisfies StoriesResponse);
  });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute(
  "/api/stories",
  { POST: answer },
  { limited: true },
);
