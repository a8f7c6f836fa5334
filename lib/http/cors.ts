/** Whose pages may call the API from a browser (CORS, as the Fetch standard has it): nobody's but this site's, unless configured. */

const PREFLIGHT_MAX_AGE_S = 3600;

/**
 * Adds to an answer what lets the page that asked read it, where its origin is one of those allowed. Others get an answer without,
 * which their visitors' browsers keep from them.
 *
 * @param allow - the route's methods, which a preflight asks for
 * @param origins - such as `https://example.org`
 */
export function allowOrigin(request: Request, response: Response, allow: string, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const { headers } = response;
  headers.append("vary", "origin");
  const origin = request.headers.get("origin");
  if (origin === null || !origins.includes(origin)) return;
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-expose-headers", "etag, retry-after, x-request-id, x-seed");
  if (request.method !== "OPTIONS") return;
  headers.set("access-control-allow-methods", allow);
  headers.set("access-control-allow-headers", "content-type, x-request-id");
  headers.set("access-control-max-age", String(PREFLIGHT_MAX_AGE_S));
}
