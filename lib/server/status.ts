/** What an operator wants to know at a glance, from the same numbers that `GET /api/metrics` prints. */
import type { MetricObjectWithValues, MetricValue, Registry } from "prom-client";
import { getHttpMetrics } from "@/lib/http/metrics";
import { InklingError } from "@/lib/inference/errors";
import type { Ready } from "@/lib/inference/worker-protocol";
import { registerGauges } from "./gauges";
import { whenReady } from "./readiness";

export interface TaskStatus {
  readonly task: (typeof TASK_NAMES)[number];
  /** Requests by how they ended, since the server started. */
  readonly answered: number;
  /** What the client has to change: 4xx. */
  readonly refused: number;
  /** What the server could not do, or not in time: 5xx. */
  readonly failed: number;
  /** Of answered requests, from their upload's end; absent before the first. */
  readonly medianMs?: number;
}

export interface ServerStatus {
  /** Where the models run, or why they do not. */
  readonly ready: Ready | Pick<InklingError, "detail" | "suggestion">;
  readonly tasks: readonly TaskStatus[];
  readonly startedAt: Date;
  readonly workers: { readonly ready: number; readonly running: number; readonly restarts: number };
  /** Requests that wait to be let in. */
  readonly atTheDoor: number;
  /** Photos, questions and lines that wait for a batch. */
  readonly waiting: number;
  readonly memoryBytes: number;
  readonly cache: { readonly bytes: number; readonly hits: number; readonly misses: number };
  /** How late the event loop is in the worst of a hundred times. */
  readonly lagMs: number;
}

const TASK_NAMES = ["captioning", "vqa", "handwriting", "stories", "translation", "language"] as const;
const PATIENCE_MS = 100;

type Metrics = readonly MetricObjectWithValues<MetricValue<string>>[];

/** How the server is now. */
export async function readStatus(): Promise<ServerStatus> {
  const { registry } = getHttpMetrics();
  registerGauges(registry);
  const ready = await whenReady(PATIENCE_MS).catch((thrown) => InklingError.from(thrown));
  return { ready, ...(await summarise(registry)) };
}

/** @param registry - with the metrics of `lib/http/metrics.ts`, `metrics.ts` and `gauges.ts` */
export async function summarise(registry: Registry): Promise<Omit<ServerStatus, "ready">> {
  const metrics = (await registry.getMetricsAsJSON()) as Metrics;
  const sum = (name: string, matches?: (labels: Labels) => boolean) => total(metrics, name, matches);
  return {
    tasks: TASK_NAMES.map((task) => {
      const requests = (hundred: string) =>
        sum(
          "inkling_http_requests_total",
          // 499 is nobody's failure: the client went away.
          ({ route, status }) => route === `/api/${task}` && String(status).startsWith(hundred) && status !== "499",
        );
      const medianMs = quantile(metrics, "inkling_stage_duration_seconds", { task, stage: "total" }, 0.5) * 1000;
      return {
        task,
        answered: requests("2") + requests("3"),
        refused: requests("4"),
        failed: requests("5"),
        ...(Number.isFinite(medianMs) && { medianMs }),
      };
    }),
    startedAt: new Date(sum("process_start_time_seconds") * 1000),
    workers: {
      ready: sum("inkling_workers_ready"),
      running: sum("inkling_workers_running"),
      restarts: sum("inkling_worker_restarts_total"),
    },
    atTheDoor: sum("inkling_admission_waiting"),
    waiting: sum("inkling_queue_length"),
    memoryBytes: sum("process_resident_memory_bytes"),
    cache: {
      bytes: sum("inkling_region_cache_bytes"),
      hits: sum("inkling_region_cache_hits_total"),
      misses: sum("inkling_region_cache_misses_total"),
    },
    lagMs: sum("nodejs_eventloop_lag_p99_seconds") * 1000,
  };
}

type Labels = Partial<Record<string, string | number>>;

function valuesOf(metrics: Metrics, name: string): readonly MetricValue<string>[] {
  return metrics.find((metric) => metric.name === name)?.values ?? [];
}

function total(metrics: Metrics, name: string, matches: (labels: Labels) => boolean = () => true): number {
  return valuesOf(metrics, name)
    .filter(({ labels }) => matches(labels))
    .reduce((sum, { value }) => sum + value, 0);
}

/**
 * A quantile of a histogram, in its unit, as Prometheus' `histogram_quantile` estimates it: linear within a bucket.
 *
 * @returns NaN where nothing was observed
 */
function quantile(metrics: Metrics, name: string, wanted: Labels, rank: number): number {
  const buckets = valuesOf(metrics, name)
    .filter(({ labels }) => labels.le !== undefined)
    .filter(({ labels }) => Object.entries(wanted).every(([label, value]) => labels[label] === value))
    .map(({ labels, value }) => ({ bound: labels.le === "+Inf" ? Infinity : Number(labels.le), count: value }))
    .sort((a, b) => a.bound - b.bound);
  const wantedCount = (buckets.at(-1)?.count ?? 0) * rank;
  if (wantedCount === 0) return Number.NaN;
  let lower = { bound: 0, count: 0 };
  for (const bucket of buckets) {
    // Beyond the last bound nothing more is known.
    if (bucket.count >= wantedCount && bucket.bound === Infinity) return lower.bound;
    if (bucket.count >= wantedCount) {
      const share = (wantedCount - lower.count) / (bucket.count - lower.count);
      return lower.bound + share * (bucket.bound - lower.bound);
    }
    lower = bucket;
  }
  return Number.NaN;
}
