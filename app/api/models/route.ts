import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "@/lib/env";
import { createRoute } from "@/lib/http/route";
import { getManifest } from "@/lib/server/manifest";
import { loadedModels } from "@/lib/server/pool";
import { whenReady } from "@/lib/server/readiness";
import type { ModelsResponse } from "./schema";

const PATIENCE_MS = 100;

async function models(): Promise<Response> {
  const { format, models: entries } = await getManifest();
  // Why one is not, `GET /api/health/ready` says.
  await whenReady(PATIENCE_MS).catch(() => {});
  const loaded = loadedModels();
  const described = await Promise.all(
    Object.entries(entries).map(async ([name, model]) => {
      const metrics = await readMetrics(name);
      return [name, { ...model, loaded: loaded.has(name), provider: loaded.get(name) ?? null, metrics }] as const;
    }),
  );
  return Response.json({ format, models: Object.fromEntries(described) } satisfies ModelsResponse);
}

async function readMetrics(name: string): Promise<Record<string, unknown> | null> {
  const text = await readFile(join(env.MODELS_DIRECTORY, name, "metrics.json"), "utf8").catch(() => null);
  return text === null ? null : JSON.parse(text);
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/models", { GET: models });
