import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parseManifest } from "@/lib/inference/manifest";
import { listOipModels } from "./oip-models";

const shipped = async () => listOipModels(parseManifest(await readFile("models/manifest.json", "utf8")));

describe("the models that the app serves", () => {
  it("are those that a server runs, and have a limit for each of their dimensions", async () => {
    const models = await shipped();
    expect(models.map(({ name }) => name)).not.toContain("live-encoder");
    for (const { name, inputs, limits } of models) {
      const named = inputs.flatMap(({ shape }) => shape).filter((size) => typeof size === "string");
      for (const size of named) expect(limits[size], `${name}: ${size}`).toBeGreaterThan(0);
    }
  });

  it("are each set up for the model server", async () => {
    for (const { name } of await shipped()) {
      const settings = JSON.parse(await readFile(`deploy/model_server/models/${name}/model-settings.json`, "utf8"));
      expect(settings.name).toBe(name);
    }
  });
});
