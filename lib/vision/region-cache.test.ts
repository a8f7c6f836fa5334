import { describe, expect, it } from "vitest";
import { type EncodedImage, RegionCache } from "./region-cache";

const image = (bytes = 400): EncodedImage => ({ regions: new Float32Array(bytes / 4), width: 640, height: 480 });

describe("RegionCache", () => {
  it("encodes a photo once", async () => {
    const cache = new RegionCache(1000);
    let encodings = 0;
    const encode = async () => {
      encodings += 1;
      return image();
    };
    const first = await cache.get("a", encode);
    expect(await cache.get("a", encode)).toBe(first);
    expect(cache.find("a")).toBe(first);
    expect(cache.find("b")).toBeUndefined();
    expect({ encodings, hits: cache.hits, misses: cache.misses, bytes: cache.bytes }).toEqual({
      encodings: 1,
      hits: 2,
      misses: 2,
      bytes: 400,
    });
  });

  it("stays within its bytes: the least recently used go first", async () => {
    const cache = new RegionCache(1000);
    await cache.get("a", async () => image());
    await cache.get("b", async () => image());
    cache.find("a");
    await cache.get("c", async () => image());
    expect(cache.bytes).toBe(800);
    expect(cache.find("b")).toBeUndefined();
    expect(cache.find("a")).toBeDefined();
    await cache.get("too large to keep", async () => image(2000));
    expect(cache.bytes).toBe(800);
  });

  it("keeps nothing when it may hold no bytes", async () => {
    const cache = new RegionCache(0);
    expect(await cache.get("a", async () => image())).toBeDefined();
    expect(cache.find("a")).toBeUndefined();
  });

  it("shares one encoding among those who ask at the same time, until all have gone", async () => {
    const cache = new RegionCache(1000);
    let resolve = (_: EncodedImage) => {};
    const promise = new Promise<EncodedImage>((settle) => {
      resolve = settle;
    });
    let encodings = 0;
    let shared: AbortSignal | undefined;
    const encode = (signal: AbortSignal) => {
      encodings += 1;
      shared = signal;
      return promise;
    };
    const impatient = new AbortController();
    const left = cache.get("a", encode, impatient.signal);
    const stayed = cache.get("a", encode, new AbortController().signal);
    impatient.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    expect(shared?.aborted).toBe(false);
    resolve(image());
    await expect(stayed).resolves.toMatchObject({ width: 640 });
    expect(encodings).toBe(1);
  });

  it("aborts an encoding that nobody waits for", async () => {
    const cache = new RegionCache(1000);
    const controller = new AbortController();
    let shared: AbortSignal | undefined;
    const got = cache.get(
      "a",
      (signal) => {
        shared = signal;
        return new Promise(() => {});
      },
      controller.signal,
    );
    controller.abort();
    await expect(got).rejects.toThrow();
    expect(shared?.aborted).toBe(true);
  });

  it("forgets a failure", async () => {
    const cache = new RegionCache(1000);
    await expect(cache.get("a", () => Promise.reject(new Error("no memory")))).rejects.toThrow("no memory");
    await expect(cache.get("a", async () => image())).resolves.toBeDefined();
  });
});
