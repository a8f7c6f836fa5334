/** Traces of requests, where the environment names a collector; elsewhere nothing of it is loaded. */

export interface TracedRequest {
  readonly method: string;
  /** The route's pattern: what was asked for itself may hold anything, and is not told. */
  readonly route: string;
  readonly requestId: string;
  /** `traceparent` of W3C Trace Context, where the client has one. */
  readonly traceparent: string | null;
}

export interface RequestTracer {
  /** Runs a request's work in a span. */
  traceRequest<Answer extends TracedAnswer>(request: TracedRequest, work: () => Promise<Answer>): Promise<Answer>;
  /** @param milliseconds - by stage, in their order; the request that is being worked on gets a span for each */
  traceStages(task: string, milliseconds: Readonly<Record<string, number>>): void;
  /** Sends what is left, within two seconds, whatever the collector does. For `scripts/serve.mjs`, once no request is under way. */
  stop(): Promise<void>;
}

export interface TracedAnswer {
  readonly response: Response;
  readonly failure?: { readonly code: string };
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingTracer?: RequestTracer };

/** The tracer, where there is one. */
export function getTracer(): RequestTracer | undefined {
  return shared.inklingTracer;
}

/**
 * Traces from now on, where `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector, unless
 * `OTEL_SDK_DISABLED` is `true`.
 */
export async function startTracing(): Promise<void> {
  const { OTEL_SDK_DISABLED, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT } = process.env;
  if (OTEL_SDK_DISABLED?.toLowerCase() === "true") return;
  if (!OTEL_EXPORTER_OTLP_TRACES_ENDPOINT && !OTEL_EXPORTER_OTLP_ENDPOINT) return;
  const { createTracer } = await import("./tracing-export");
  shared.inklingTracer = createTracer();
}
