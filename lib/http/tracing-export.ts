/** OpenTelemetry behind `tracing.ts`: spans over OTLP/HTTP; `docs/architecture.md` says which of the specification's variables hold. */
import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { parseTraceParent } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { RequestTracer } from "./tracing";

const STOPS_WITHIN_MS = 2000;

/** A tracer of its own, not OpenTelemetry's global one: Next would add spans that name whole addresses, and with them texts. */
export function createTracer(): RequestTracer {
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": "inkling" }))
      .merge(detectResources({ detectors: [envDetector] })),
    // A collector that does not answer costs spans, never requests.
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer("inkling");
  const current = new AsyncLocalStorage<Span>();

  return {
    async traceRequest({ method, route, requestId, traceparent }, work) {
      const attributes = { "http.request.method": method, "http.route": route, "inkling.request_id": requestId };
      const options = { kind: SpanKind.SERVER, attributes };
      const span = tracer.startSpan(`${method} ${route}`, options, parentOf(traceparent));
      try {
        const answer = await current.run(span, work);
        const { status } = answer.response;
        span.setAttribute("http.response.status_code", status);
        if (answer.failure) span.setAttribute("error.type", answer.failure.code);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        return answer;
      } finally {
        span.end();
      }
    },

    traceStages(task, milliseconds) {
      const span = current.getStore();
      if (!span) return;
      const stages = Object.entries(milliseconds).filter(([stage]) => stage !== "total");
      // Only durations are known: the stages are put one after another, so that the last one ends now.
      let at = Date.now() - stages.reduce((sum, [, duration]) => sum + duration, 0);
      for (const [stage, duration] of stages) {
        const context = trace.setSpan(ROOT_CONTEXT, span);
        tracer.startSpan(`${task} ${stage}`, { startTime: at }, context).end(at + duration);
        at += duration;
      }
    },

    async stop() {
      // Other than a flush it waits for what is on its way already, too.
      const sent = provider.shutdown().catch(() => {});
      await Promise.race([sent, sleep(STOPS_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

function parentOf(traceparent: string | null): Context {
  const parent = traceparent === null ? null : parseTraceParent(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT;
}
