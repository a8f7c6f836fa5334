import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DOUBLE, writeModels } from "../lib/inference/fixtures/models";
import { verifyModels } from "./models.mjs";

let directory;

beforeEach(async () => {
  directory = await writeModels({ double: { "double/model.onnx": DOUBLE, "double/vocabulary.json": "{}" } });
});
afterEach(() => rm(directory, { recursive: true }));

describe("verifyModels", () => {
  it("counts the files that are as the manifest says", async () => {
    expect(await verifyModels(directory)).toBe(2);
  });

  it("names every file that is absent or altered, and what to do", async () => {
    await writeFile(join(directory, "double/model.onnx"), "altered");
    await rm(join(directory, "double/vocabulary.json"));
    const message = await verifyModels(directory).catch((stop) => stop.message);
    expect(message).toContain("model.onnx is altered");
    expect(message).toContain("vocabulary.json is absent");
    expect(message).toContain(`git checkout -- ${directory}`);
  });

  it.each(["{", "{}"])("says so when the manifest is %j", async (text) => {
    await writeFile(join(directory, "manifest.json"), text);
    await expect(verifyModels(directory)).rejects.toThrow(/manifest\.json is absent or cannot be read: restore/);
  });
});
