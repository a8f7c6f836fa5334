import { createRoute } from "@/lib/http/route";
import { InklingError } from "@/lib/inference/errors";
import { getPool } from "@/lib/server/pool";

/** How long a probe waits for models that are just being loaded, in milliseconds. */
const PATIENCE_MS = 500;

/** Whether a caption could be made now: the models are there, unaltered, loaded and warm. */
async function ready(): Promise<Response> {
  const { provider } = await Promise.race([getPool().ready(), stillLoading()]);
  return Response.json({ status: "ready", provider });
}

async function stillLoading(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  throw new InklingError("model_unavailable", "The models are still being loaded.", "Ask again in a few seconds.");
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/health/ready", { GET: ready });
