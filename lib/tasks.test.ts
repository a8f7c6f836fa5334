import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TINY_WRITER } from "@/lib/handwriting/fixtures/tiny-models";
import type { Engine } from "@/lib/inference/engine";
import { writeModels } from "@/lib/inference/fixtures/models";
import { createNodeEngine } from "@/lib/inference/node-engine";
import { TASKS, type WritingPart } from "./tasks";

let directory: string;
let engine: Engine;

beforeAll(async () => {
  directory = await writeModels(TINY_WRITER);
  engine = createNodeEngine({ modelsDirectory: directory, device: "cpu", threads: 1 });
});

afterAll(async () => {
  await engine.dispose();
  await rm(directory, { recursive: true });
});

describe("handwriting in a browser's worker", () => {
  it("prepares ink, writes on in its hand, and hands over strokes and traces as they come", async () => {
    const { signal } = new AbortController();
    const prepare = await TASKS["handwriting.prepare"].create(engine, signal);
    const write = await TASKS["handwriting.write"].create(engine, signal);
    const stroke = Array.from({ length: 40 }, (_, i) => [2 * i + 6 * Math.sin(i / 3), 20 * Math.cos(i / 3)] as const);
    const prime = await prepare({ text: "ink", strokes: [stroke] }, { signal, onPartial: () => {} });
    const parts: WritingPart[] = [];
    const onPartial = (part: unknown) => parts.push(part as WritingPart);
    const options = { seed: 7, style: null, bias: 0.8, lineWidth: 40 };
    const payload = { text: "Hello, world of ink", options: { ...options, prime }, traced: true };
    const writing = await write(payload, { signal, onPartial });
    expect(structuredClone(writing)).toEqual(writing);
    expect(new Set(parts.map(({ type }) => type))).toEqual(new Set(["strokes", "trace"]));
    const [trace] = parts.filter((part) => part.type === "trace");
    expect(trace).toMatchObject({ line: 0, attempt: 0, text: "ink Hello, world of ink" });

    parts.length = 0;
    await write({ text: "Hello", options }, { signal, onPartial });
    expect(new Set(parts.map(({ type }) => type))).toEqual(new Set(["strokes"]));
  });
});
