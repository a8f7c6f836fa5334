import { env } from "@/lib/env";
import { withImageOrHash } from "@/lib/http/body";
import { parseFields } from "@/lib/http/fields";
import { createRoute } from "@/lib/http/route";
import { deadlineSignal } from "@/lib/inference/deadline";
import { answerQuestion } from "@/lib/server/vqa";
import { type VqaResponse, vqaFieldsSchema } from "./schema";

function answer(request: Request): Promise<Response> {
  return withImageOrHash(request, async ({ image, fields }) => {
    const { imageSha256 = "", ...question } = parseFields(vqaFieldsSchema, fields);
    // The time limit is the server's own: how long an upload takes is the client's affair.
    const { signal, release } = deadlineSignal(env.REQUEST_DEADLINE_MS, request.signal);
    try {
      const answered = await answerQuestion(image ?? imageSha256, question, signal);
      return Response.json(answered satisfies VqaResponse);
    } finally {
      release();
    }
  });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/vqa", { POST: answer }, { limited: true });
