import { afterEach, describe, expect, it, vi } from "vitest";
import type { WritingEvent } from "@/lib/handwriting/types";
import { Draft } from "./draft";
import { toBody, writeOnServer } from "./server-writer";
import type { WritingRequest } from "./writer";

const request: WritingRequest = { text: "Hi", seed: 7, style: "a", bias: 0.8, lineWidth: 40 };
const prime = { text: "me", strokes: [[[0, 0] as const, [1, 1] as const]] };
const ink: WritingEvent = { type: "strokes", line: 0, stroke: 0, points: [[0, 0]], penUp: false };
const result = { strokes: [[[0, 0]]], seed: 7, text: "Hi", provider: "cpu", timings: { total: 1 } };
const problem = { code: "overloaded", detail: "The server is busy.", suggestion: "Wait.", status: 503 };

/** Answers the next request with these lines, cut where lines are not. */
function answer(lines: readonly unknown[], { status = 200, chunk = 7 } = {}) {
  const bytes = new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const body = new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += chunk) controller.enqueue(bytes.slice(at, at + chunk));
      controller.close();
    },
  });
  const fetched = vi.fn(async (_route: string, _init: RequestInit) => new Response(body, { status }));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

const write = async (onEvent = (_event: WritingEvent) => {}) =>
  writeOnServer(request, new AbortController().signal, onEvent);

describe("writeOnServer", () => {
  it("hands over each event, and returns the result", async () => {
    const fetched = answer([ink, { type: "reset", line: 0, attempt: 1 }, ink, { type: "result", ...result }]);
    const events: WritingEvent[] = [];
    expect(await write((event) => void events.push(event))).toEqual(result);
    expect(events.map(({ type }) => type)).toEqual(["strokes", "reset", "strokes"]);
    const init = fetched.mock.calls[0]?.[1];
    expect(JSON.parse(String(init?.body))).toEqual(request);
    expect(new Headers(init?.headers).get("accept")).toBe("application/x-ndjson");
  });

  it("fails with what the server says, before and in the stream", async () => {
    answer([problem], { status: 503 });
    await expect(write()).rejects.toMatchObject({ code: "overloaded", suggestion: "Wait." });
    answer([ink, { type: "error", ...problem }]);
    await expect(write()).rejects.toMatchObject({ code: "overloaded" });
  });

  it("fails where the stream ends too early", async () => {
    answer([ink]);
    await expect(write()).rejects.toMatchObject({ code: "internal" });
  });
});

it("sends a prime in place of a style", () => {
  expect(toBody({ ...request, prime })).toEqual({ text: "Hi", seed: 7, bias: 0.8, lineWidth: 40, prime });
});

it("sends a dream in place of a text", () => {
  const { text: _, ...dream } = { ...request, dream: 4 };
  expect(toBody(dream)).toEqual({ dream: 4, seed: 7, style: "a", bias: 0.8, lineWidth: 40 });
  expect(toBody({ ...dream, prime })).toEqual({ dream: 4, seed: 7, bias: 0.8, lineWidth: 40, prime });
});

describe("Draft", () => {
  it("puts strokes of lines written side by side in order, and withdraws a line", () => {
    const draft = new Draft();
    const add = (line: number, stroke: number, x: number) =>
      draft.apply({ type: "strokes", line, stroke, points: [[x, 0]], penUp: true });
    add(1, 0, 10);
    add(0, 1, 2);
    add(0, 0, 1);
    add(1, 0, 11);
    expect(draft.strokes()).toEqual([
      [[1, 0]],
      [[2, 0]],
      [
        [10, 0],
        [11, 0],
      ],
    ]);
    draft.apply({ type: "reset", line: 0, attempt: 1 });
    expect(draft.strokes()).toEqual([
      [
        [10, 0],
        [11, 0],
      ],
    ]);
    add(0, 0, 5);
    expect(draft.strokes()[0]).toEqual([[5, 0]]);
  });
});
