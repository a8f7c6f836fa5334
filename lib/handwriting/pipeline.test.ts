import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Engine } from "@/lib/inference/engine";
import { writeModels } from "@/lib/inference/fixtures/models";
import { createNodeEngine } from "@/lib/inference/node-engine";
import { ContinuousBatch } from "./batch";
import { CHUNK_POINTS, type ChunkWriter, createChunkWriter } from "./chunk";
import { TINY_WRITER } from "./fixtures/tiny-models";
import { layOut } from "./layout";
import { createWriter, type Writer } from "./pipeline";
import type { Point, Writing, WritingEvent, WritingTrace } from "./types";
import { type WriteContext, writeLayout } from "./writing";

const OPTIONS = { seed: 7, style: "plain", bias: 0.8, lineWidth: 40 } as const;
const LEAD = {
  lead: {
    offsets: Float32Array.from({ length: 3 * 60 }, (_, i) => [1, i % 2 ? 0.5 : -0.5, 0][i % 3] as number),
    text: "seventeen letters",
  },
  warnings: ["A warning."],
};

let directory: string;
let engine: Engine;
let writer: Writer;
let chunks: ChunkWriter;

beforeAll(async () => {
  directory = await writeModels(TINY_WRITER);
  engine = createNodeEngine({ modelsDirectory: directory, device: "cpu", threads: 1 });
  [writer, chunks] = await Promise.all([createWriter(engine), createChunkWriter(engine)]);
});

afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

function expectSound({ strokes, lines, width, height, characters, text, origin }: Writing): void {
  const points = strokes.flat();
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  expect([Math.min(...xs), Math.min(...ys)]).toEqual([0, 0]);
  expect([Math.max(...xs), Math.max(...ys)]).toEqual([width, height]);
  for (const value of [...points.flat(), ...origin]) expect(Math.round(value * 100) / 100).toBe(value);
  expect(strokes.every((stroke) => stroke.length > 0)).toBe(true);
  let stroke = 0;
  for (const line of lines) {
    expect(line.stroke).toBe(stroke);
    stroke += line.strokes;
  }
  expect(stroke).toBe(strokes.length);
  expect(characters.map((character) => character.text).join("")).toBe(text);
  let before = -1;
  for (const character of characters) {
    expect(strokes[character.stroke]?.[character.point]).toBeDefined();
    const place = character.stroke * 1e6 + character.point;
    expect(place).toBeGreaterThanOrEqual(before);
    before = place;
  }
}

/** What a reader of the events has drawn at the end. */
function draw(events: readonly WritingEvent[], { origin }: Writing): Point[][] {
  let strokes: { line: number; points: Point[] }[] = [];
  for (const event of events) {
    if (event.type === "reset") strokes = strokes.filter(({ line }) => line !== event.line);
    else {
      strokes[event.stroke] ??= { line: event.line, points: [] };
      strokes[event.stroke]?.points.push(...event.points);
    }
  }
  const moved = (value: number, by: number) => Math.round((value + by) * 100) / 100;
  return strokes.map(({ points }) => points.map(([x, y]) => [moved(x, origin[0]), moved(y, origin[1])] as const));
}

describe("createWriter", () => {
  it("writes a text on its lines, the same at each time", async () => {
    const writing = await writer.write("Hello there,\n\n  world & all ", OPTIONS);
    expectSound(writing);
    expect(writing).toMatchObject({ seed: 7, style: "plain", text: "Hello there,\n\n  world & all ", warnings: [] });
    expect(writing.lines.map(({ strokes }) => strokes > 0)).toEqual([true, false, true]);
    expect((writing.lines[2]?.baseline ?? 0) - (writing.lines[0]?.baseline ?? 0)).toBeCloseTo(180, 9);
    expect(writing.points).toBe(writing.strokes.flat().length);
    expect(await writer.write("Hello there,\n\n  world & all ", OPTIONS)).toEqual(writing);
    const other = await writer.write("Hello there,\n\n  world & all ", { ...OPTIONS, seed: 8 });
    expect(other.strokes).not.toEqual(writing.strokes);
  });

  it("does what style and bias say", async () => {
    const text = "one two three four five";
    const plain = await writer.write(text, OPTIONS);
    const unprimed = await writer.write(text, { ...OPTIONS, style: null });
    const calm = await writer.write(text, { ...OPTIONS, bias: 5 });
    expect(unprimed.style).toBeNull();
    expect(unprimed.width).toBeLessThan(plain.width);
    expect(calm.height).toBeLessThan(plain.height / 2);
    await expect(writer.write(text, { ...OPTIONS, style: "nobody" })).rejects.toMatchObject({ code: "invalid_field" });
  });

  it("hands over what is new after each chunk, the events making up the writing", async () => {
    const events: WritingEvent[] = [];
    const writing = await writer.write(
      "Hello there, you\n\nworld",
      { ...OPTIONS, seed: 9 },
      { onEvent: (event) => events.push(event) },
    );
    expect(draw(events, writing)).toEqual(writing.strokes);
    expect(events.length).toBeGreaterThan(writing.strokes.length);
    const lines = events.map(({ line }) => line);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    const ups = events.filter((event) => event.type === "strokes" && event.penUp);
    expect(ups).toHaveLength(writing.strokes.length);
  });

  it("draws a line that leaves its band again, at most thrice, and keeps the best", async () => {
    const events: WritingEvent[] = [];
    const context = { onEvent: (event: WritingEvent) => events.push(event) };
    const wild = await writer.write("a line\nand another", { ...OPTIONS, style: "wild" }, context);
    expectSound(wild);
    expect(wild.warnings).toHaveLength(2);
    expect(wild.warnings[0]).toMatch(/^Line 1 left its band/);
    expect(wild.points).toBeGreaterThan(wild.strokes.flat().length);
    expect(draw(events, wild)).toEqual(wild.strokes);
  });

  it("goes on with another try where that is better", async () => {
    let redrawn = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const events: WritingEvent[] = [];
      const options = { ...OPTIONS, style: "restless", bias: 0, seed };
      const writing = await writer.write("a long line of words", options, { onEvent: (event) => events.push(event) });
      expect(draw(events, writing)).toEqual(writing.strokes);
      const resets = events.filter(({ type }) => type === "reset").length;
      if (resets > 0 && writing.warnings.length === 0) redrawn += 1;
    }
    expect(redrawn).toBeGreaterThan(0);
  });

  it("goes on from a prime without showing it", async () => {
    const writing = await writer.write("go on", { ...OPTIONS, prime: LEAD });
    expectSound(writing);
    expect(writing).toMatchObject({ style: null, warnings: ["A warning."] });
    expect(writing.points).toBe(writing.strokes.flat().length);
    // Of 0.3 characters each, from where the prime's 60 points have led.
    expect(writing.points).toBeLessThan(60);
  });

  it("dreams as many lines as are asked for, of which nothing is a text", async () => {
    const events: WritingEvent[] = [];
    const traces: WritingTrace[] = [];
    const options = { ...OPTIONS, lineWidth: 10, dream: 3 };
    const context = {
      onEvent: (event: WritingEvent) => events.push(event),
      onTrace: (trace: WritingTrace) => traces.push(trace),
    };
    const writing = await writer.write("", options, context);
    expectSound(writing);
    expect(writing).toMatchObject({ text: "", characters: [], style: "plain", seed: 7, warnings: [] });
    expect(writing.lines.map(({ strokes }) => strokes > 0)).toEqual([true, true, true]);
    expect(draw(events, writing)).toEqual(writing.strokes);
    // A column for the end alone.
    expect(traces[0]).toMatchObject({ line: 0, attempt: 0, point: 0, text: "" });
    expect(traces[0]?.phi).toHaveLength(CHUNK_POINTS);
    expect(await writer.write("not looked at", { ...options, lineWidth: 40 })).toEqual(writing);
    const first = await writer.write("", { ...options, dream: 1 });
    expect(first.points).toBe(writing.strokes.slice(0, writing.lines[0]?.strokes).flat().length);
    expect((await writer.write("", { ...options, seed: 8 })).strokes).not.toEqual(writing.strokes);
  });

  it("dreams on from a prime, whose text is hidden", async () => {
    const traces: WritingTrace[] = [];
    const options = { ...OPTIONS, dream: 2, prime: LEAD };
    const writing = await writer.write("", options, { onTrace: (trace) => traces.push(trace) });
    expectSound(writing);
    expect(writing).toMatchObject({ text: "", characters: [], style: null, warnings: ["A warning."] });
    expect(writing.lines).toHaveLength(2);
    expect(traces.every(({ text }) => text === "")).toBe(true);
    const other = { ...LEAD, lead: { ...LEAD.lead, text: "another text" } };
    expect(await writer.write("", { ...options, prime: other })).toEqual(writing);
  });

  it("shows what the network saw and expected", async () => {
    const traces: WritingTrace[] = [];
    const writing = await writer.write("Look", OPTIONS, { onTrace: (trace) => traces.push(trace) });
    expect(traces).toHaveLength(Math.ceil(writing.points / CHUNK_POINTS));
    expect(traces[0]).toMatchObject({ line: 0, attempt: 0, point: 0, text: "Look" });
    expect(traces[0]?.phi).toHaveLength(CHUNK_POINTS * 5);
    expect(traces[0]?.mixture).toHaveLength(CHUNK_POINTS * 6);
    expect(Array.from(traces[0]?.mixture.slice(0, 1) ?? [])).toEqual([1]);
  });

  it("stops within a chunk when it is told to", async () => {
    const controller = new AbortController();
    let events = 0;
    const onEvent = () => {
      events += 1;
      if (events === 2) controller.abort();
    };
    const text = "a fairly long line of words";
    const stopped = writer.write(text, OPTIONS, { signal: controller.signal, onEvent });
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    const counted = events;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(events).toBe(counted);
    await expect(writer.write(text, OPTIONS, { signal: controller.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

describe("ContinuousBatch", () => {
  function createBatch(options: { maxRows?: number; maxWaiting?: number; concurrency?: number } = {}) {
    const sizes: number[] = [];
    const batch = new ContinuousBatch({
      maxRows: 8,
      maxWaiting: 100,
      concurrency: 1,
      ...options,
      async writeChunk(rows, signal) {
        sizes.push(rows.length);
        await new Promise((resolve) => setTimeout(resolve));
        return await chunks.write(rows, signal);
      },
    });
    const write = async (text: string, seed: number, context?: WriteContext) =>
      (await writeLayout(layOut(text, 40), { ...OPTIONS, seed }, undefined, chunks.styles, batch, context)).writing;
    return { batch, sizes, write };
  }

  const TEXTS = Array.from({ length: 13 }, (_, index) => "words of a line ".repeat(1 + (index % 5)).slice(index % 3));

  it.each([
    [1, 8],
    [2, 8],
    [1, 3],
    [3, 32],
  ])("gives each line the numbers it has alone (%d workers, %d rows)", async (concurrency, maxRows) => {
    const { sizes, write } = createBatch({ concurrency, maxRows });
    const together = await Promise.all(
      TEXTS.map(async (text, index) => {
        // Some join while others are being written.
        for (let turn = 0; turn < index % 4; turn += 1) await new Promise((resolve) => setTimeout(resolve, 2));
        return await write(text, index);
      }),
    );
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    for (const [index, text] of TEXTS.entries()) {
      expect(await writer.write(text, { ...OPTIONS, seed: index })).toEqual(together[index]);
    }
  });

  it("refuses what would wait behind too many", async () => {
    const { batch, write } = createBatch({ maxRows: 2, maxWaiting: 3 });
    const outcomes = await Promise.allSettled(TEXTS.map((text, index) => write(text, index)));
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(TEXTS.length);
    for (const { reason } of refused as PromiseRejectedResult[]) expect(reason).toMatchObject({ code: "overloaded" });
    expect([batch.waiting, batch.running]).toEqual([0, 0]);
    await write("It has recovered.", 1);
  });

  it("goes on with the others when one is taken out", async () => {
    const { batch, sizes, write } = createBatch();
    const controller = new AbortController();
    const kept = write("this one stays until it is written to its end", 1);
    const gone = write("words that nobody waits for at all", 2, { signal: controller.signal });
    await new Promise((resolve) => setTimeout(resolve, 3));
    controller.abort();
    await expect(gone).rejects.toMatchObject({ name: "AbortError" });
    expect(await kept).toEqual(
      await writer.write("this one stays until it is written to its end", { ...OPTIONS, seed: 1 }),
    );
    expect(sizes.at(-1)).toBe(1);
    expect([batch.waiting, batch.running]).toEqual([0, 0]);
  });

  it("gives a request with one line a place beside one with many, from the next chunk on", async () => {
    const { batch, write } = createBatch({ maxRows: 4, maxWaiting: 1000 });
    const order: string[] = [];
    const many = write(Array.from({ length: 20 }, () => "words of a line").join("\n"), 1).then(() =>
      order.push("many"),
    );
    await vi.waitFor(() => expect(batch.running).toBe(1));
    await write("words of a line", 2);
    order.push("one");
    await many;
    expect(order).toEqual(["one", "many"]);
  });

  it("fails the request alone whose line makes a chunk fail", async () => {
    const batch = new ContinuousBatch({
      maxRows: 8,
      maxWaiting: 100,
      concurrency: 1,
      writeChunk: async (rows, signal) => {
        if (rows.some(({ noise }) => noise.seed === 13)) throw new Error("the worker died");
        return await chunks.write(rows, signal);
      },
    });
    const write = (seed: number) =>
      writeLayout(layOut("some words", 40), { ...OPTIONS, seed }, undefined, chunks.styles, batch);
    const outcomes = await Promise.allSettled([12, 13, 14].map(write));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect([batch.waiting, batch.running]).toEqual([0, 0]);
  });

  it("tells every request of a batch that fails, and goes on", async () => {
    let failing = true;
    const batch = new ContinuousBatch({
      maxRows: 8,
      maxWaiting: 100,
      concurrency: 1,
      writeChunk: (rows, signal) => (failing ? Promise.reject(new Error("gone")) : chunks.write(rows, signal)),
    });
    const write = () => writeLayout(layOut("some words", 40), OPTIONS, undefined, chunks.styles, batch);
    const outcomes = await Promise.allSettled([write(), write()]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    failing = false;
    expectSound((await write()).writing);
  });
});
