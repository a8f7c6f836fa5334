/** What Next runs before it answers with a page: it can only be read, and each has its Content Security Policy. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { type NextRequest, NextResponse } from "next/server";
import { pagePolicy } from "./lib/http/content-security-policy";

/** Hashes of the inline scripts of each prerendered page, which `scripts/inline-hashes.mjs` writes after a build. */
const HASHES = "build/inline-hashes.json";

const development = process.env.NODE_ENV === "development";
const hashes: Readonly<Record<string, readonly string[]>> =
  !development && existsSync(HASHES) ? JSON.parse(readFileSync(HASHES, "utf8")) : {};

export function proxy(request: NextRequest): NextResponse {
  // No page takes anything: Next would look for a Server Action, and log what it was asked for.
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new NextResponse(null, { status: 405, headers: { allow: "GET, HEAD" } });
  }
  const prerendered = hashes[request.nextUrl.pathname];
  if (prerendered) return withPolicy(NextResponse.next(), pagePolicy({ scripts: prerendered }));
  // Rendered for this request, with the nonce that Next finds in the request's headers; or the prerendered page that says that
  // there is none.
  const nonce = randomBytes(16).toString("base64");
  const policy = pagePolicy({ scripts: hashes["/_not-found"] ?? [], nonce, development });
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  return withPolicy(NextResponse.next({ request: { headers } }), policy);
}

function withPolicy(response: NextResponse, policy: string): NextResponse {
  response.headers.set("content-security-policy", policy);
  return response;
}

export const config = {
  // Everything that may be a page: neither the API nor what the build made.
  matcher: ["/((?!api(?:/|$)|v2(?:/|$)|_next/static/|_next/image).*)"],
};
