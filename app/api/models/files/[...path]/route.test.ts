import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { buildModels, DOUBLE, writeModels } from "@/lib/inference/fixtures/models";
import { findFile } from "@/lib/inference/manifest";

const MODELS = { double: { "double/model.onnx": DOUBLE, "double/vocabulary.json": '{"words":["a"]}' } };
const { manifest, contents } = buildModels(MODELS);

let directory: string;
let GET: typeof import("./route").GET;

beforeAll(async () => {
  directory = await writeModels(MODELS);
  vi.stubEnv("MODELS_DIRECTORY", directory);
  vi.stubEnv("LOG_LEVEL", "silent");
  ({ GET } = await import("./route"));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

function get(path: string, init?: RequestInit): Promise<Response> {
  const params = Promise.resolve({ path: (path.split("?")[0] as string).split("/") });
  return GET(new Request(`http://localhost/api/models/files/${path}`, init), { params });
}

describe("GET /api/models/files/…", () => {
  it("gives the manifest, never from a stale cache", async () => {
    const response = await get("manifest.json");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(await response.json()).toEqual(manifest);
  });

  it("gives a file as it is, and for ever when it is asked for by its hash", async () => {
    const { sha256 } = findFile(manifest, "double/model.onnx");
    const response = await get(`double/model.onnx?sha256=${sha256}`);
    const content = contents.get("double/model.onnx") as Uint8Array;
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(content);
    expect(response.headers.get("content-length")).toBe(String(content.byteLength));
    expect(response.headers.get("cache-control")).toContain("immutable");
    const other = await get("double/model.onnx?sha256=abc");
    await other.body?.cancel();
    expect(other.headers.get("cache-control")).toBe("no-cache");
  });

  it("answers HEAD with the size alone, and leaves no file open", async () => {
    const openFiles = async () => (await readdir("/dev/fd")).length;
    const before = await openFiles();
    for (let round = 0; round < 5; round++) {
      const response = await get("double/model.onnx", { method: "HEAD" });
      expect(response.status).toBe(200);
      expect(response.headers.get("content-length")).toBe(String(findFile(manifest, "double/model.onnx").bytes));
      expect(response.body).toBeNull();
    }
    expect(await openFiles()).toBeLessThan(before + 5);
  });

  it("sends nothing again that the browser has", async () => {
    const first = await get("double/vocabulary.json");
    const etag = first.headers.get("etag") as string;
    await first.body?.cancel();
    const second = await get("double/vocabulary.json", { headers: { "if-none-match": etag } });
    expect(second.status).toBe(304);
    expect(second.headers.get("etag")).toBe(etag);
  });

  it.each(["package.json", "../package.json", "double/../../secret", "double", ""])(
    "does not know %j",
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: "unknown_model" });
    },
  );

  it("refuses a file that is shorter than it should be, or gone", async () => {
    const path = join(directory, "double/model.onnx");
    await writeFile(path, "short");
    expect((await get("double/model.onnx")).status).toBe(503);
    await rm(path);
    expect(await (await get("double/model.onnx")).json()).toMatchObject({ code: "model_unavailable" });
  });
});
