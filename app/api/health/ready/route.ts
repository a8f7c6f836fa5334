import { createRoute } from "@/lib/http/route";
import { whenReady } from "@/lib/server/readiness";

const PATIENCE_MS = 500;

/** Whether a caption could be made now: the models are there, unaltered, loaded and warm. */
async function ready(): Promise<Response> {
  const { provider } = await whenReady(PATIENCE_MS);
  return Response.json({ status: "ready", provider }, { headers: { "cache-control": "no-store" } });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/health/ready", { GET: ready });
