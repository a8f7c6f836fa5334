/**
 * Whom a request comes from: the last address of `x-forwarded-for`, which the nearest proxy has written, or Node from the
 * connection itself.
 */
export function clientOf(request: Request): string {
  return request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() || "unknown";
}
