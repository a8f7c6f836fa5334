import { createRoute } from "@/lib/http/route";
import { getAnswerVocabulary } from "@/lib/server/vqa";
import { UNKNOWN } from "@/lib/vqa/vocabulary";
import type { VqaVocabulary } from "../schema";

async function vocabulary(): Promise<Response> {
  const { answers, words } = await getAnswerVocabulary();
  // Those after <pad> and <unk>.
  return Response.json({ answers: [...answers], words: words.length - UNKNOWN - 1 } satisfies VqaVocabulary);
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/vqa/vocabulary", { GET: vocabulary });
