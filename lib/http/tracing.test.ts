import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InklingError } from "@/lib/inference/errors";
import { observeStages } from "@/lib/server/metrics";
import { createRoute } from "./route";
import { getTracer, startTracing } from "./tracing";

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
  readonly status: { code?: number };
}

/**
 * What stands in for a collector: keeps what OTLP/HTTP sends.
 *
 * @param answers - false for one that never does
 */
async function startCollector(answers = true) {
  const bodies: string[] = [];
  const server: Server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(`${request.url} ${body}`);
    if (answers) response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const spans = (): SentSpan[] =>
    bodies
      .map((body) => JSON.parse(body.slice(body.indexOf(" "))))
      .flatMap(({ resourceSpans }) => resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap((scope) => scope.spans);
  return { server, bodies, spans, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const { GET } = createRoute("/api/x", {
  GET: async (request) => {
    if (new URL(request.url).searchParams.has("fail")) throw new InklingError("overloaded", "It is full.", "Wait.");
    observeStages("captioning", { queue: 1, encode: 20, generate: 30, total: 51 });
    return Response.json({ text: "secret" });
  },
});

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  vi.unstubAllEnvs();
  Reflect.deleteProperty(globalThis, "inklingTracer");
});

describe("tracing", () => {
  it.each([
    ["no collector is named", {}],
    ["it is disabled", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9", OTEL_SDK_DISABLED: "True" }],
  ])("does not start where %s", async (_, environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    await startTracing();
    expect(getTracer()).toBeUndefined();
    expect((await GET(new Request("http://localhost/api/x"), {})).status).toBe(200);
  });

  it("takes a collector's whole address, what the resource is, and sends what is left when it stops", async () => {
    const collector = await startCollector();
    server = collector.server;
    vi.stubEnv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", `${collector.address}/of-traces`);
    vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", "3600000");
    vi.stubEnv("OTEL_SERVICE_NAME", "another");
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=nursery");
    await startTracing();
    await GET(new Request("http://localhost/api/x"), {});
    expect(collector.bodies).toEqual([]);
    await getTracer()?.stop();
    expect(collector.spans().map(({ name }) => name)).toContain("GET /api/x");
    const [body] = collector.bodies;
    expect(body).toMatch(/^\/of-traces /);
    expect(body).toContain('{"key":"service.name","value":{"stringValue":"another"}}');
    expect(body).toContain('{"key":"deployment.environment.name","value":{"stringValue":"nursery"}}');
  });

  it("stops in time where the collector does not answer", async () => {
    const collector = await startCollector(false);
    server = collector.server;
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address);
    await startTracing();
    await GET(new Request("http://localhost/api/x"), {});
    const startedAt = performance.now();
    await getTracer()?.stop();
    expect(collector.bodies).toHaveLength(1);
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });

  it("sends a request's span and its stages', in the client's trace, without what was asked", async () => {
    const collector = await startCollector();
    server = collector.server;
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address);
    vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", "10");
    await startTracing();
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const headers = { traceparent, "x-request-id": "seven" };
    await GET(new Request("http://localhost/api/x?text=secret", { headers }), {});
    await GET(new Request("http://localhost/api/x?fail=secret"), {});
    await expect.poll(() => collector.spans().length).toBe(5);
    expect(collector.bodies.every((body) => body.startsWith("/v1/traces "))).toBe(true);
    expect(collector.bodies.join()).not.toContain("secret");
    expect(collector.bodies.join()).toContain('"stringValue":"inkling"');

    const [failed] = collector.spans().filter(({ attributes }) => attributes.some(({ key }) => key === "error.type"));
    expect(failed).toMatchObject({ name: "GET /api/x", status: { code: 2 } });
    const spans = collector.spans().filter(({ traceId }) => traceId === traceparent.split("-")[1]);
    const request = spans.find(({ name }) => name === "GET /api/x");
    expect(request).toMatchObject({ parentSpanId: "b7ad6b7169203331" });
    expect(request?.attributes).toContainEqual({ key: "http.route", value: { stringValue: "/api/x" } });
    expect(request?.attributes).toContainEqual({ key: "http.response.status_code", value: { intValue: 200 } });
    expect(request?.attributes).toContainEqual({ key: "inkling.request_id", value: { stringValue: "seven" } });
    const stages = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId);
    expect(stages.map(({ name }) => name)).toEqual(["captioning queue", "captioning encode", "captioning generate"]);
    const milliseconds = stages.map((span) => (Number(span.endTimeUnixNano) - Number(span.startTimeUnixNano)) / 1e6);
    for (const [stage, duration] of [1, 20, 30].entries()) expect(milliseconds[stage]).toBeCloseTo(duration, 1);
  });

  it("answers all the same where the collector is gone", async () => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", "1");
    await startTracing();
    for (let index = 0; index < 20; index++) {
      expect((await GET(new Request("http://localhost/api/x"), {})).status).toBe(200);
    }
  });
});
