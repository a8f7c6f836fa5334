import { afterEach, describe, expect, it, vi } from "vitest";
import { inferOip, zeroInputs } from "@/app/v2/fixtures/calls";
import type { WireTensor } from "@/lib/inference/oip/messages";
import { listOipModels } from "@/lib/oip-models";
import { startTinyServer, type TinyServer } from "@/lib/server/fixtures/tiny-server";

let server: TinyServer;

afterEach(() => server.stop());

async function start(environment: Readonly<Record<string, string>> = {}) {
  server = await startTinyServer(environment);
  const { GET } = await import("./route");
  const read = async () => await (await GET(new Request("http://localhost/api/metrics"), {})).text();
  /** A metric by its name and labels; undefined where it is not there. */
  return async (metric: string) => {
    const line = (await read()).split("\n").find((each) => each.startsWith(`${metric} `));
    return line && Number(line.slice(metric.length));
  };
}

describe("GET /api/metrics", () => {
  it("tells what waits at the door, and what was let in", async () => {
    const metric = await start({ INFERENCE_MAX_SLOWDOWN: "1", INFERENCE_WORKERS: "1" });
    const { getAdmission } = await import("@/lib/server/admission");
    const door = async () => [await metric("inkling_admission_waiting"), await metric("inkling_admission_weight")];
    expect(await door()).toEqual([0, 0]);
    const leave = await getAdmission().enter(1, "one");
    const entering = [0.5, 0.5].map((weight) => getAdmission().enter(weight, "one"));
    expect(await door()).toEqual([2, 1]);
    leave();
    for (const leaveToo of await Promise.all(entering)) leaveToo();
    expect(await door()).toEqual([0, 0]);
  });

  it("counts the calls of a graph under /v2 that wait, and the rows that ran together", async () => {
    const metric = await start({ INFERENCE_WORKERS: "1" });
    const [route, { getPool }, { getManifest }] = await Promise.all([
      import("@/app/v2/[[...path]]/route"),
      import("@/lib/server/pool"),
      import("@/lib/server/manifest"),
    ]);
    const writer = listOipModels(await getManifest()).find(({ name }) => name === "language-writer");
    if (!writer) throw new Error("There is no such model.");
    await getPool().ready;
    let begin: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const run = getPool().runTask.bind(getPool());
    vi.spyOn(getPool(), "runTask").mockImplementation(async (...call) => {
      await held;
      return await run(...call);
    });

    const answers = [1, 3, 3].map((rows) => {
      const { noise, ...others } = zeroInputs(writer, rows);
      // The rows are not its first dimension, and it comes first.
      return inferOip(route, writer.name, { noise: noise as WireTensor, ...others });
    });
    const waiting = () => metric('inkling_queue_length{model="language-writer"}');
    await expect.poll(waiting).toBe(2);
    begin();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await waiting()).toBe(0);
    expect(await metric('inkling_batch_size_count{model="language-writer"}')).toBe(3);
    expect(await metric('inkling_batch_size_sum{model="language-writer"}')).toBe(7);
  });
});
