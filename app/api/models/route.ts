import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "@/lib/env";
import { createRoute } from "@/lib/http/route";
import { getManifest } from "@/lib/server/manifest";
import { whenReady } from "@/lib/server/readiness";
import { TASKS } from "@/lib/tasks";
import type { ModelsResponse } from "./schema";

const PATIENCE_MS = 100;
/** Models that the server's workers load. */
const LOADED = new Set<string>(Object.values(TASKS).flatMap((task) => task.models));

async function models(): Promise<Response> {
  const { format, models: entries } = await getManifest();
  const provider = await whenReady(PATIENCE_MS).then(
    (ready) => ready.provider,
    () => null,
  );
  const described = await Promise.all(
    Object.entries(entries).map(async ([name, model]) => {
      const loaded = provider !== null && LOADED.has(name);
      const metrics = await readMetrics(name);
      return [name, { ...model, loaded, provider: loaded ? provider : null, metrics }] as const;
    }),
  );
  return Response.json({ format, models: Object.fromEntries(described) } satisfies ModelsResponse);
}

async function readMetrics(name: string): Promise<Record<string, unknown> | null> {
  const text = await readFile(join(env.MODELS_DIRECTORY, name, "metrics.json"), "utf8").catch(() => null);
  return text === null ? null : JSON.parse(text);
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/models", { GET: models });
