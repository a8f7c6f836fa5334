/** The state of cache, queues and workers, read whenever `GET /api/metrics` is asked for. */
import { Gauge, type Registry } from "prom-client";
import { getCaptioningScheduler } from "./captioning";
import { getHandwritingBatch, getPrimeScheduler } from "./handwriting";
import { getPool } from "./pool";
import { getEncoding } from "./regions";
import { getQuestionScheduler } from "./vqa";

/** Registers the gauges, unless they are registered already. */
export function registerGauges(registry: Registry): void {
  if (registry.getSingleMetric("inkling_workers_ready")) return;
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("inkling_region_cache_bytes", "Bytes of encoded photos that are kept.", () => getEncoding().cache.bytes);
  gauge("inkling_region_cache_hits", "Photos that needed no encoding of their own.", () => getEncoding().cache.hits);
  gauge("inkling_region_cache_misses", "Photos that had to be encoded.", () => getEncoding().cache.misses);
  gauge("inkling_workers_ready", "Workers that have loaded their models.", () => getPool().status.ready);
  gauge("inkling_workers_running", "Workers that are running a batch.", () => getPool().status.busy);
  gauge("inkling_worker_restarts", "Workers started in place of one that died.", () => getPool().status.restarts);
  new Gauge({
    name: "inkling_queue_length",
    help: "Photos, questions or lines that wait for a batch, by model.",
    labelNames: ["model"],
    registers: [registry],
    collect() {
      this.set({ model: "vision" }, getEncoding().scheduler.waiting);
      this.set({ model: "captioning" }, getCaptioningScheduler().waiting);
      this.set({ model: "vqa" }, getQuestionScheduler().waiting);
      this.set({ model: "handwriting" }, getHandwritingBatch().waiting);
      this.set({ model: "reading" }, getPrimeScheduler().waiting);
    },
  });
}
