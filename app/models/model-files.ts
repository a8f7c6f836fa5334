/** What a model's folder says about it: its card, its scores and its files. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "@/lib/env";
import type { ManifestModel } from "@/lib/inference/manifest";
import { readManifest } from "@/lib/inference/models-directory";
import { parseMetrics, type ScoreTable } from "./metrics";

export interface ModelFiles {
  readonly model: ManifestModel;
  /** Markdown; absent where the model has no card of its own. */
  readonly card?: string;
  /** Empty where the model was not evaluated by itself. */
  readonly scores: readonly ScoreTable[];
}

/** @throws `InklingError` with code `model_unavailable` when the manifest cannot be read */
export async function listModels(): Promise<Record<string, ManifestModel>> {
  return (await readManifest(env.MODELS_DIRECTORY)).models;
}

/** @returns undefined when the manifest has no model of this name */
export async function readModelFiles(name: string): Promise<ModelFiles | undefined> {
  const models = await listModels();
  // Own properties only: a model asked for as "constructor" is as unknown as any other.
  const model = Object.hasOwn(models, name) ? models[name] : undefined;
  if (!model) return undefined;
  const [card, metrics] = await Promise.all([readText(name, "card.md"), readText(name, "metrics.json")]);
  return { model, card, scores: metrics === undefined ? [] : parseMetrics(metrics) };
}

async function readText(name: string, file: string): Promise<string | undefined> {
  return readFile(join(env.MODELS_DIRECTORY, name, file), "utf8").catch(() => undefined);
}

export function totalBytes({ files }: ManifestModel): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
