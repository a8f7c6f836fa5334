/** The state of door, cache, queues and workers, read whenever `GET /api/metrics` is asked for. */
import { Counter, Gauge, type Registry } from "prom-client";
import { getByteBudget } from "@/lib/http/limits";
import type { NodePoolStatus } from "@/lib/inference/node-pool";
import { getAdmission } from "./admission";
import { getCaptioningScheduler } from "./captioning";
import { getHandwritingBatch, getPrimeScheduler } from "./handwriting";
import { getLanguageScheduler } from "./language";
import { getGraphSchedulers } from "./oip";
import { getPools } from "./pool";
import { getEncoding } from "./regions";
import { getStoryScheduler } from "./stories";
import { getTranslationScheduler } from "./translation";
import { getQuestionScheduler } from "./vqa";

/** Of all pools' states together. */
function sumOf(read: (status: NodePoolStatus) => number): number {
  return getPools().reduce((sum, { status }) => sum + read(status), 0);
}

/** Registers what is read then, unless it is registered already. */
export function registerGauges(registry: Registry): void {
  if (registry.getSingleMetric("inkling_workers_ready")) return;
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  gauge("inkling_region_cache_bytes", "Bytes of encoded photos that are kept.", () => getEncoding().cache.bytes);
  counter(
    "inkling_region_cache_hits_total",
    "Photos that needed no encoding of their own.",
    () => getEncoding().cache.hits,
  );
  counter("inkling_region_cache_misses_total", "Photos that had to be encoded.", () => getEncoding().cache.misses);
  gauge("inkling_admission_waiting", "Requests that wait to be let in.", () => getAdmission().waiting);
  gauge(
    "inkling_admission_weight",
    "Weight of the requests that were let in; one of weight 1 keeps a worker busy.",
    () => getAdmission().weight,
  );
  gauge("inkling_upload_bytes", "Bytes of bodies that are held now.", () => getByteBudget().held);
  gauge("inkling_workers_ready", "Workers that have loaded their models.", () => sumOf((pool) => pool.ready));
  gauge("inkling_workers_running", "Workers that are running a batch.", () => sumOf((pool) => pool.busy));
  counter("inkling_worker_restarts_total", "Workers started in place of one that died.", () =>
    sumOf((pool) => pool.restarts),
  );
  new Gauge({
    name: "inkling_provider",
    help: "1 for what runs models, once any is loaded.",
    labelNames: ["provider"],
    registers,
    collect() {
      this.reset();
      for (const { loaded, where } of getPools()) if (loaded.size > 0) this.set({ provider: where.provider }, 1);
    },
  });
  new Gauge({
    name: "inkling_queue_length",
    help: "Photos, questions, lines, texts or calls of a graph that wait for a batch, by model.",
    labelNames: ["model"],
    registers,
    collect() {
      this.set({ model: "vision" }, getEncoding().scheduler.waiting);
      this.set({ model: "captioning" }, getCaptioningScheduler().waiting);
      this.set({ model: "vqa" }, getQuestionScheduler().waiting);
      this.set({ model: "handwriting" }, getHandwritingBatch().waiting);
      this.set({ model: "reading" }, getPrimeScheduler().waiting);
      this.set({ model: "stories" }, getStoryScheduler().waiting);
      this.set({ model: "language" }, getLanguageScheduler().waiting);
      this.set({ model: "translation" }, getTranslationScheduler().waiting);
      for (const [model, { waiting }] of getGraphSchedulers()) this.set({ model }, waiting);
    },
  });
}
