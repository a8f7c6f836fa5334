import { describe, expect, it } from "vitest";
import { allowOrigin } from "./cors";

function answer(method: string, origin: string | undefined, origins: readonly string[]): Headers {
  const request = new Request("http://localhost/api/x", { method, headers: origin === undefined ? {} : { origin } });
  const response = new Response();
  allowOrigin(request, response, "POST, OPTIONS", origins);
  return response.headers;
}

describe("allowOrigin", () => {
  it("is closed where no origin is configured", () => {
    expect([...answer("POST", "https://example.org", [])]).toEqual([]);
  });

  it("allows the origins that are configured alone, and tells caches apart", () => {
    const origins = ["https://example.org", "http://localhost:8080"];
    const allowed = answer("POST", "https://example.org", origins);
    expect(allowed.get("access-control-allow-origin")).toBe("https://example.org");
    expect(allowed.get("vary")).toBe("origin");
    expect(allowed.has("access-control-allow-credentials")).toBe(false);
    for (const other of ["https://example.org.evil.test", "https://EXAMPLE.org", "null", undefined]) {
      const refused = answer("POST", other, origins);
      expect(refused.has("access-control-allow-origin")).toBe(false);
      expect(refused.get("vary")).toBe("origin");
    }
  });

  it("answers a preflight with what the route takes", () => {
    const headers = answer("OPTIONS", "https://example.org", ["https://example.org"]);
    expect(headers.get("access-control-allow-methods")).toBe("POST, OPTIONS");
    expect(headers.get("access-control-allow-headers")).toContain("content-type");
  });
});
