import { open } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { env } from "@/lib/env";
import { createRoute } from "@/lib/http/route";
import { InklingError } from "@/lib/inference/errors";
import { findFile } from "@/lib/inference/manifest";
import { getManifest } from "@/lib/server/manifest";

const DAY_S = 86_400;

/** The manifest and the files that it lists, for engines that run in a browser. No other file of the folder is served. */
async function file(request: Request, { params }: { params: Promise<{ path: string[] }> }): Promise<Response> {
  const path = (await params).path.join("/");
  const manifest = await getManifest();
  if (path === "manifest.json") return Response.json(manifest, { headers: { "cache-control": "no-cache" } });

  const { bytes, sha256 } = findFile(manifest, path);
  const etag = `"${sha256}"`;
  // An address that names the hash always means the same bytes.
  const isPinned = new URL(request.url).searchParams.get("sha256") === sha256;
  const headers = {
    etag,
    "cache-control": isPinned ? `public, max-age=${365 * DAY_S}, immutable` : "no-cache",
  };
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  const handle = await open(join(env.MODELS_DIRECTORY, path)).catch((cause) => {
    throw notServed(path, "is absent or cannot be read", cause);
  });
  if ((await handle.stat()).size !== bytes) {
    await handle.close();
    throw notServed(path, "is not the one that the manifest names: its size differs");
  }
  const described = {
    ...headers,
    "content-type": path.endsWith(".json") ? "application/json" : "application/octet-stream",
    "content-length": String(bytes),
  };
  // Nobody reads the body of an answer to HEAD: a stream would keep the file open.
  if (request.method === "HEAD") {
    await handle.close();
    return new Response(null, { headers: described });
  }
  return new Response(Readable.toWeb(handle.createReadStream()) as ReadableStream, { headers: described });
}

function notServed(path: string, reason: string, cause?: unknown): InklingError {
  return new InklingError(
    "model_unavailable",
    `The model file ${path} ${reason}.`,
    `Restore models/${path} from the repository.`,
    { cause },
  );
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/models/files/*", { GET: file });
