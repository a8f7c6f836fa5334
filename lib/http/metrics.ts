import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { getLogOutput } from "./log";

export interface HttpMetrics {
  readonly registry: Registry;
  readonly requests: Counter<"route" | "method" | "status" | "code">;
  readonly duration: Histogram<"route" | "method">;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingHttpMetrics?: HttpMetrics };

/** What is counted about requests, and the registry that `GET /api/metrics` prints. */
export function getHttpMetrics(): HttpMetrics {
  shared.inklingHttpMetrics ??= create();
  return shared.inklingHttpMetrics;
}

function create(): HttpMetrics {
  const registry = new Registry();
  // Of the process: memory, CPU, open files, garbage collection, and how late the event loop is.
  collectDefaultMetrics({ register: registry });
  new Counter({
    name: "inkling_log_lines_dropped_total",
    help: "Log lines that could not be written.",
    registers: [registry],
    collect() {
      this.reset();
      this.inc(getLogOutput().dropped);
    },
  });
  return {
    registry,
    requests: new Counter({
      name: "inkling_http_requests_total",
      help: "Requests answered, by route, method, status and problem code (empty on success).",
      labelNames: ["route", "method", "status", "code"],
      registers: [registry],
    }),
    duration: new Histogram({
      name: "inkling_http_request_duration_seconds",
      help: "From a request's headers to its answer.",
      labelNames: ["route", "method"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [registry],
    }),
  };
}
