import { afterEach, describe, expect, it, vi } from "vitest";
import { watchWriting } from "./watch-worker.mjs";

afterEach(() => {
  vi.unstubAllGlobals();
  delete globalThis.inklingWritings;
});

/** A worker that answers what the test has it answer. */
class FakeWorker extends EventTarget {
  sent = [];

  postMessage(...message) {
    this.sent.push(message);
  }

  answer(data) {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

describe("watchWriting", () => {
  it("times each writing to its first ink and to its end", () => {
    vi.stubGlobal("Worker", FakeWorker);
    const now = vi.spyOn(performance, "now");
    watchWriting();
    const worker = new globalThis.Worker();
    now.mockReturnValue(100);
    worker.postMessage({ type: "load", id: 1 }, { transfer: [] });
    worker.postMessage({ type: "run", id: 2, task: "handwriting.write" }, { transfer: [] });
    worker.answer({ type: "ready", id: 1 });
    now.mockReturnValue(110);
    worker.answer({ type: "partial", id: 2, value: { type: "trace" } });
    now.mockReturnValue(112);
    worker.answer({ type: "partial", id: 2, value: { type: "strokes" } });
    now.mockReturnValue(130);
    worker.answer({ type: "partial", id: 2, value: { type: "strokes" } });
    now.mockReturnValue(200);
    worker.answer({ type: "result", id: 2, value: { text: "a", points: 50 } });
    worker.postMessage({ type: "run", id: 3, task: "handwriting.write" }, { transfer: [] });
    worker.answer({ type: "error", id: 3, error: null });
    now.mockRestore();
    expect(worker.sent.map(([{ id }]) => id)).toEqual([1, 2, 3]);
    expect(globalThis.inklingWritings).toEqual([{ text: "a", points: 50, milliseconds: 100, firstInkMs: 12 }]);
  });
});
