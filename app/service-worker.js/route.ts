import { readFile } from "node:fs/promises";

export const dynamic = "force-dynamic";

/** The service worker, beside the pages that it serves; the development server has none. */
export async function GET(): Promise<Response> {
  const source = await readFile("build/service-worker.js").catch(() => null);
  if (!source) return new Response(null, { status: 404 });
  return new Response(source, {
    headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache" },
  });
}
