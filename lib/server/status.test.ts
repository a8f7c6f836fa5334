import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { summarise } from "./status";

function registry() {
  const registers = [new Registry()];
  const requests = new Counter({
    name: "inkling_http_requests_total",
    help: "requests",
    labelNames: ["route", "method", "status", "code"],
    registers,
  });
  const stages = new Histogram({
    name: "inkling_stage_duration_seconds",
    help: "stages",
    labelNames: ["task", "stage"],
    buckets: [0.1, 0.2, 0.4],
    registers,
  });
  const queue = new Gauge({ name: "inkling_queue_length", help: "queue", labelNames: ["model"], registers });
  const door = new Gauge({ name: "inkling_admission_waiting", help: "door", registers });
  return { registry: registers[0] as Registry, requests, stages, queue, door };
}

const captioningOf = async (from: Registry) => (await summarise(from)).tasks.find(({ task }) => task === "captioning");

describe("summarise", () => {
  it("counts requests by how they ended", async () => {
    const { registry: from, requests } = registry();
    for (const [status, count] of [
      ["200", 7],
      ["422", 2],
      ["429", 1],
      ["499", 5],
      ["503", 3],
      ["500", 1],
    ] as const) {
      requests.inc({ route: "/api/captioning", method: "POST", status, code: "" }, count);
    }
    requests.inc({ route: "/api/models", method: "GET", status: "200", code: "" }, 100);
    expect(await captioningOf(from)).toEqual({ task: "captioning", answered: 7, refused: 3, failed: 4 });
  });

  it("estimates the median as Prometheus does", async () => {
    const { registry: from, stages } = registry();
    const observe = (seconds: number) => stages.observe({ task: "captioning", stage: "total" }, seconds);
    for (const seconds of [0.05, 0.15, 0.15, 0.3]) observe(seconds);
    stages.observe({ task: "captioning", stage: "encode" }, 0.01);
    stages.observe({ task: "vqa", stage: "total" }, 0.01);
    // Two of four lie below: one in the first bucket, one of the two in the second.
    expect((await captioningOf(from))?.medianMs).toBeCloseTo(150);
    for (let slow = 0; slow < 10; slow++) observe(5);
    expect((await captioningOf(from))?.medianMs).toBeCloseTo(400);
  });

  it("adds up what waits for a batch, beside what waits at the door", async () => {
    const { registry: from, queue, door } = registry();
    queue.set({ model: "vision" }, 2);
    queue.set({ model: "vqa" }, 3);
    door.set(7);
    expect(await summarise(from)).toMatchObject({ waiting: 5, atTheDoor: 7 });
  });
});
