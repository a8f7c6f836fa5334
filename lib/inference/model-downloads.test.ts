import { afterEach, describe, expect, it, vi } from "vitest";
import { DOUBLE } from "./fixtures/models";
import { type MemoryCache, stubWeb } from "./fixtures/web";
import { findFile } from "./manifest";
import { ModelDownloads } from "./model-downloads";

const MODELS = { double: { "double/model.onnx": DOUBLE, "double/vocabulary.json": '{"words":["a"]}' } };

afterEach(() => {
  vi.unstubAllGlobals();
});

async function open() {
  const web = stubWeb(MODELS);
  const downloads = new ModelDownloads("/models/");
  const file = findFile(await downloads.manifest(), "double/model.onnx");
  const content = web.contents.get(file.path) as Uint8Array<ArrayBuffer>;
  return { ...web, downloads, file, content };
}

/** What is kept beside the manifest. */
const keptFiles = ({ entries }: MemoryCache) => [...entries.keys()].filter((key) => !key.endsWith("manifest.json"));

/** A body that comes in two pieces; the test decides what happens after the first. */
function inPieces(content: Uint8Array<ArrayBuffer>, afterFirst: (controller: ReadableStreamDefaultController) => void) {
  let pieces = 0;
  return new Response(
    new ReadableStream({
      pull(controller) {
        if (pieces++ === 0) controller.enqueue(content.slice(0, 10));
        else afterFirst(controller);
      },
    }),
  );
}

describe("ModelDownloads", () => {
  it("downloads once, and then reads what is on the device", async () => {
    const { downloads, file, content, requests } = await open();
    expect(await downloads.read(file)).toEqual(content);
    expect(await downloads.read(file)).toEqual(content);
    expect(requests).toEqual(["manifest.json", "double/model.onnx"]);
  });

  it("says how much there is to download, and how much of it is here", async () => {
    const { downloads, file } = await open();
    const totalBytes = file.bytes + 15;
    expect(await downloads.size(["double"])).toEqual({ totalBytes, cachedBytes: 0 });
    await downloads.read(file);
    expect(await downloads.size(["double"])).toEqual({ totalBytes, cachedBytes: file.bytes });
  });

  it("reports bytes as they come", async () => {
    const { downloads, file, content, fetch } = await open();
    fetch.mockResolvedValueOnce(
      inPieces(content, (controller) => {
        controller.enqueue(content.slice(10));
        controller.close();
      }),
    );
    const progress: number[] = [];
    await downloads.read(file, { onProgress: ({ loadedBytes }) => progress.push(loadedBytes) });
    expect(progress).toEqual([10, file.bytes]);
  });

  it("refuses what has another hash, and keeps nothing of it", async () => {
    const { downloads, file, content, fetch, cache } = await open();
    fetch.mockResolvedValueOnce(new Response(content.map((byte) => byte ^ 1)));
    await expect(downloads.read(file)).rejects.toMatchObject({ code: "model_unavailable" });
    fetch.mockResolvedValueOnce(new Response(new Uint8Array([...content, 0, 0])));
    expect(await downloads.read(file)).toEqual(content);
    expect(keptFiles(cache)).toHaveLength(1);
  });

  it("downloads again what was altered on the device", async () => {
    const { downloads, file, content, cache, requests } = await open();
    await downloads.read(file);
    for (const key of keptFiles(cache)) (cache.entries.get(key) as Uint8Array)[0] = 255;
    expect(await downloads.read(file)).toEqual(content);
    expect(requests.filter((path) => path === file.path)).toHaveLength(2);
  });

  it("drops a file's former version", async () => {
    const { downloads, file, cache } = await open();
    await cache.put("/models/double/model.onnx?sha256=former", new Response("former"));
    await cache.put("/models/other/model.onnx?sha256=other", new Response("other"));
    await downloads.read(file);
    expect(keptFiles(cache).sort()).toEqual([
      `/models/double/model.onnx?sha256=${file.sha256}`,
      "/models/other/model.onnx?sha256=other",
    ]);
  });

  it("stops when it is cancelled, in the middle of a file as well", async () => {
    const { downloads, file, content, fetch, cache } = await open();
    const controller = new AbortController();
    fetch.mockResolvedValueOnce(
      inPieces(content, (body) => {
        controller.abort();
        body.error(controller.signal.reason);
      }),
    );
    await expect(downloads.read(file, { signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" });
    await expect(downloads.read(file, { signal: controller.signal })).rejects.toMatchObject({ name: "AbortError" });
    expect(keptFiles(cache)).toEqual([]);
  });

  it.each([
    ["the network fails", () => Promise.reject(new TypeError("fetch failed")), "was interrupted"],
    ["the file ends early", async () => new Response("short"), "was interrupted"],
    ["the server refuses", async () => new Response(null, { status: 503 }), "answered 503"],
  ])("says what to do when %s", async (_, answer, sentence) => {
    const { downloads, file, fetch } = await open();
    fetch.mockImplementationOnce(answer);
    const error = await downloads.read(file).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "model_unavailable" });
    expect(error.detail).toContain(sentence);
    expect(error.suggestion).toMatch(/on the server/);
  });

  it("asks for the manifest again after a failure", async () => {
    const { fetch } = stubWeb(MODELS);
    fetch.mockRejectedValueOnce(new TypeError("fetch failed"));
    const downloads = new ModelDownloads("/models/");
    await expect(downloads.manifest()).rejects.toMatchObject({ code: "model_unavailable" });
    expect(Object.keys((await downloads.manifest()).models)).toEqual(["double"]);
  });

  it("takes the manifest that it fetched last where there is no network", async () => {
    const { downloads, file, content, fetch } = await open();
    await downloads.read(file);
    fetch.mockRejectedValue(new TypeError("fetch failed"));
    const later = new ModelDownloads("/models/");
    expect(findFile(await later.manifest(), file.path)).toEqual(file);
    expect(await later.read(file)).toEqual(content);
  });

  it("works without Cache Storage, and where it is full or forbidden", async () => {
    const { downloads, file, content, cache } = await open();
    vi.spyOn(cache, "put").mockRejectedValueOnce(new DOMException("full", "QuotaExceededError"));
    expect(await downloads.read(file)).toEqual(content);
    vi.stubGlobal("caches", { open: () => Promise.reject(new DOMException("no", "SecurityError")) });
    expect(await downloads.read(file)).toEqual(content);
    vi.stubGlobal("caches", undefined);
    Reflect.deleteProperty(globalThis, "caches");
    expect(await downloads.read(file)).toEqual(content);
  });

  it("says why it cannot check anything on a page without https", async () => {
    const { downloads, file } = await open();
    vi.stubGlobal("crypto", {});
    await expect(downloads.read(file)).rejects.toThrow("https");
  });
});
