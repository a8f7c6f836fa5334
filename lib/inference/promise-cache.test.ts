import { describe, expect, it, vi } from "vitest";
import { PromiseCache } from "./promise-cache";

/** Work that ends only when it is told to, or when it is aborted. */
function work() {
  let finish: (value: string) => void = () => {};
  const create = vi.fn(
    (signal: AbortSignal) =>
      new Promise<string>((resolve, reject) => {
        finish = resolve;
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  );
  return { create, resolve: (value: string) => finish(value) };
}

describe("PromiseCache", () => {
  it("does shared work once and keeps the result", async () => {
    const cache = new PromiseCache<string>();
    const { create, resolve } = work();
    const both = Promise.all([cache.get("a", create), cache.get("a", create)]);
    resolve("done");
    expect(await both).toEqual(["done", "done"]);
    expect(await cache.get("a", create)).toBe("done");
    expect(create).toHaveBeenCalledTimes(1);
  });

  it("forgets a failure, so that the next caller tries again", async () => {
    const cache = new PromiseCache<string>();
    await expect(cache.get("a", () => Promise.reject(new Error("first")))).rejects.toThrow("first");
    expect(await cache.get("a", async () => "second")).toBe("second");
  });

  it("lets one caller leave without stopping the others", async () => {
    const cache = new PromiseCache<string>();
    const { create, resolve } = work();
    const leaver = new AbortController();
    const left = cache.get("a", create, leaver.signal);
    const stays = cache.get("a", create, new AbortController().signal);
    leaver.abort();
    await expect(left).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    resolve("done");
    expect(await stays).toBe("done");
  });

  it("aborts the work when its last caller leaves, and starts anew for the next", async () => {
    const cache = new PromiseCache<string>();
    const { create } = work();
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => cache.get("a", create, signal));
    for (const controller of controllers) controller.abort();
    const results = await Promise.allSettled(calls);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(create.mock.calls[0]?.[0].aborted).toBe(true);
    expect(await cache.get("a", async () => "anew")).toBe("anew");
  });

  it("refuses a caller that has left already, without starting", async () => {
    const { create } = work();
    await expect(new PromiseCache<string>().get("a", create, AbortSignal.abort())).rejects.toThrow();
    expect(create).not.toHaveBeenCalled();
  });
});
