/** What is set right about each request that this process receives, before Next sees it. */
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { PEER_HEADER } from "./client";

/**
 * From now on each request carries its connection's address, since Next hands routes nothing but headers and leaves
 * `x-forwarded-for` as the client sent it; and has a path that can be decoded, since Next answers another one with 500.
 */
export function prepareRequests(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[PEER_HEADER] = request.socket.remoteAddress ?? "";
    request.url = decodable(request.url ?? "/");
  });
}

/** A path with escapes that are none (`/100%`, or bytes that are not UTF-8) is taken as it is written. */
function decodable(url: string): string {
  const [path = "", ...query] = url.split("?");
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return [path.replaceAll("%", "%25"), ...query].join("?");
  }
}
