import { getHttpMetrics } from "@/lib/http/metrics";
import { createRoute } from "@/lib/http/route";
import { registerGauges } from "@/lib/server/gauges";

async function metrics(): Promise<Response> {
  const { registry } = getHttpMetrics();
  registerGauges(registry);
  return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/metrics", { GET: metrics });
