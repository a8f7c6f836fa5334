import { getHttpMetrics } from "@/lib/http/metrics";
import { createRoute } from "@/lib/http/route";
import { registerGauges } from "@/lib/server/gauges";
import { getInferenceMetrics } from "@/lib/server/metrics";

async function metrics(): Promise<Response> {
  const { registry } = getHttpMetrics();
  registerGauges(registry);
  // They are there, at 0, before the first request.
  getInferenceMetrics();
  return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/metrics", { GET: metrics });
