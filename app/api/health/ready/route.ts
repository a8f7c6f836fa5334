import { createRoute } from "@/lib/http/route";
import { whenReady } from "@/lib/server/readiness";

const PATIENCE_MS = 500;

/** Whether what the manifest lists can be used now: the models are there, unaltered, loaded and warm. */
async function ready(): Promise<Response> {
  const readiness = await whenReady(PATIENCE_MS);
  return Response.json({ status: "ready", ...readiness }, { headers: { "cache-control": "no-store" } });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/health/ready", { GET: ready });
