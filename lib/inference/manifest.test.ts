import { describe, expect, it } from "vitest";
import { buildModels, DOUBLE } from "./fixtures/models";
import { assertUnaltered, commonFiles, findFile, findModel, type Manifest, parseManifest } from "./manifest";

const { manifest } = buildModels({ double: { "double/model.onnx": DOUBLE, "double/vocabulary.json": "{}" } });

function withFile(change: object): string {
  const altered = structuredClone(manifest) as Manifest;
  Object.assign(altered.models.double?.files[0] ?? {}, change);
  return JSON.stringify(altered);
}

describe("parseManifest", () => {
  it("reads what the training writes", () => {
    expect(parseManifest(JSON.stringify(manifest))).toEqual(manifest);
  });

  it.each([
    ["text that is not JSON", "{", "it is not JSON"],
    ["another format", JSON.stringify({ ...manifest, format: 2 }), "format"],
    ["a hash that is none", withFile({ sha256: "abc" }), "models.double.files.0.sha256"],
    ["a path that leads out", withFile({ path: "../secret" }), "models.double.files.0.path"],
    ["a GPU's graph that leads out", withFile({ gpu: "../secret" }), "models.double.files.0.gpu"],
    ["an absolute path", withFile({ path: "/etc/passwd" }), "models.double.files.0.path"],
    ["a type without a tensor", withFile({ inputs: [{ name: "x", type: "string", shape: [1] }] }), "inputs.0.type"],
  ])("refuses %s and says where", (_, text, where) => {
    expect(() => parseManifest(text)).toThrow(expect.objectContaining({ code: "model_unavailable" }));
    expect(() => parseManifest(text)).toThrow(where);
  });
});

describe("findModel and findFile", () => {
  it("find what is listed", () => {
    expect(findModel(manifest, "double").files).toHaveLength(2);
    expect(findFile(manifest, "double/vocabulary.json").bytes).toBe(2);
  });

  it.each(["triple", "constructor", "__proto__"])("refuse %s", (name) => {
    expect(() => findModel(manifest, name)).toThrow(expect.objectContaining({ code: "unknown_model" }));
    expect(() => findFile(manifest, name)).toThrow(expect.objectContaining({ code: "unknown_model" }));
  });
});

describe("commonFiles", () => {
  it("leaves out the graphs that stand in for others on GPUs", () => {
    const models = { double: { "double/model.onnx": DOUBLE, "double/model.gpu.onnx": DOUBLE } };
    const model = findModel(buildModels(models).manifest, "double");
    expect(commonFiles(model).map(({ path }) => path)).toEqual(["double/model.onnx", "double/model.gpu.onnx"]);
    Object.assign(model.files[0] ?? {}, { gpu: "double/model.gpu.onnx" });
    expect(commonFiles(model).map(({ path }) => path)).toEqual(["double/model.onnx"]);
  });
});

describe("assertUnaltered", () => {
  it("refuses another hash and says what to restore", () => {
    const file = findFile(manifest, "double/model.onnx");
    expect(() => assertUnaltered(file, file.sha256)).not.toThrow();
    expect(() => assertUnaltered(file, "0".repeat(64))).toThrow(
      expect.objectContaining({
        code: "model_unavailable",
        suggestion: "Restore models/double/model.onnx from the repository.",
      }),
    );
  });
});
