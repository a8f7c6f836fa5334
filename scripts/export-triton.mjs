/** `npm run export:triton`: a model repository for NVIDIA Triton from `models/manifest.json`. */
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { gaveHelp, main, Stop } from "./command.mjs";
import { verifyModels } from "./models.mjs";
import { CAPTIONING_FILES, tritonConfig } from "./triton-config.mjs";

const USAGE = `npm run export:triton: writes build/triton, a folder for tritonserver --model-repository.
  TRITON_REPOSITORY=DIR npm run export:triton    into this folder, which must be new or have been written by this script`;

const LIBRARY = "build/oip-models.mjs";
/** Says that a folder is this script's own, and may be written anew. */
const MARK = ".inkling";

/** @returns {Promise<typeof import("../lib/oip-models")>} */
async function loadOipModels() {
  await build({
    entryPoints: ["lib/oip-models.ts"],
    outfile: LIBRARY,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  return await import(pathToFileURL(LIBRARY).href);
}

await main(async () => {
  if (gaveHelp(USAGE)) return;
  const models = process.env.MODELS_DIRECTORY || "models";
  const repository = process.env.TRITON_REPOSITORY || "build/triton";
  await verifyModels(models);
  const isOurs = await readFile(join(repository, MARK)).then(
    () => true,
    () => false,
  );
  await (isOurs ? rm(repository, { recursive: true }) : Promise.resolve());
  if (!(await mkdir(repository, { recursive: true }))) {
    throw new Stop(`${repository} is there already, and was not written by this script: remove it, or name another.`);
  }
  await writeFile(join(repository, MARK), "");

  const { listOipModels, OIP_VERSION } = await loadOipModels();
  const manifest = JSON.parse(await readFile(join(models, "manifest.json"), "utf8"));
  for (const model of listOipModels(manifest)) {
    const folder = join(repository, model.name);
    const version = join(folder, OIP_VERSION);
    await mkdir(version, { recursive: true });
    await writeFile(join(folder, "config.pbtxt"), tritonConfig(model, OIP_VERSION));
    if (model.file) await copyFile(join(models, model.file.path), join(version, "model.onnx"));
    else
      for (const path of CAPTIONING_FILES)
        await copyFile(path.replace(/^models/, models), join(version, basename(path)));
    console.log(folder);
  }
});
