/** What is measured about inference, beside `lib/http/metrics.ts`. */
import { Counter, Histogram } from "prom-client";
import { getHttpMetrics } from "@/lib/http/metrics";
import { getTracer } from "@/lib/http/tracing";

interface InferenceMetrics {
  readonly stages: Histogram<"task" | "stage">;
  readonly batches: Histogram<"model">;
  readonly points: Counter;
  readonly lines: Counter<"outcome">;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingInferenceMetrics?: InferenceMetrics };

/** What is measured about inference. */
export function getInferenceMetrics(): InferenceMetrics {
  shared.inklingInferenceMetrics ??= create();
  return shared.inklingInferenceMetrics;
}

/** Counts how many photos, questions, lines or rows of a graph ran together. */
export function observeBatch(model: string, size: number): void {
  getInferenceMetrics().batches.observe({ model }, size);
}

/** Counts points of handwriting as they are computed, whether anyone still waits for them or not. */
export function countPoints(points: number): void {
  getInferenceMetrics().points.inc(points);
}

/** What became of lines of handwriting; `redrawn` ones are counted again at their end. */
export function countLines(outcome: "written" | "redrawn" | "cancelled" | "failed", lines: number): void {
  getInferenceMetrics().lines.inc({ outcome }, lines);
}

/** @param milliseconds - by stage */
export function observeStages(task: string, milliseconds: Readonly<Record<string, number>>): void {
  for (const [stage, duration] of Object.entries(milliseconds)) {
    getInferenceMetrics().stages.observe({ task, stage }, duration / 1000);
  }
  getTracer()?.traceStages(task, milliseconds);
}

/** Milliseconds to tenths, as answers give them. */
export function roundTimings<Stage extends string>(
  milliseconds: Readonly<Record<Stage, number>>,
): Record<Stage, number> {
  const rounded = Object.entries<number>(milliseconds).map(([stage, each]) => [stage, Math.round(each * 10) / 10]);
  return Object.fromEntries(rounded);
}

function create(): InferenceMetrics {
  const { registry } = getHttpMetrics();
  return {
    stages: new Histogram({
      name: "inkling_stage_duration_seconds",
      help: "Duration of a task's stages, by task and stage.",
      labelNames: ["task", "stage"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    batches: new Histogram({
      name: "inkling_batch_size",
      help: "Photos, questions, lines or rows of a graph that ran together, by model.",
      labelNames: ["model"],
      buckets: [1, 2, 4, 8, 16, 32, 64],
      registers: [registry],
    }),
    points: new Counter({
      name: "inkling_handwriting_points_total",
      help: "Points of handwriting computed; it stands still when nobody waits for any.",
      registers: [registry],
    }),
    lines: new Counter({
      name: "inkling_handwriting_lines_total",
      help: "Lines of handwriting by outcome: written, redrawn (each time), cancelled by the client or its deadline, failed.",
      labelNames: ["outcome"],
      registers: [registry],
    }),
  };
}
