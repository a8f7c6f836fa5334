import { withImageOrHash } from "@/lib/http/body";
import { parseFields } from "@/lib/http/fields";
import { createRoute } from "@/lib/http/route";
import { admit, assertOpen, WEIGHTS } from "@/lib/server/admission";
import { answerQuestion } from "@/lib/server/vqa";
import { type VqaResponse, vqaFieldsSchema } from "./schema";

function answer(request: Request): Promise<Response> {
  assertOpen(request);
  return withImageOrHash(request, async ({ image, fields }) => {
    const { imageSha256 = "", ...question } = parseFields(vqaFieldsSchema, fields);
    const weight = image ? WEIGHTS.question : WEIGHTS.keptQuestion;
    const answered = await admit(request, weight, (signal) => answerQuestion(image ?? imageSha256, question, signal));
    return Response.json(answered satisfies VqaResponse);
  });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/vqa", { POST: answer }, { limited: true });
