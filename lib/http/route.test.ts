import { beforeEach, describe, expect, it, vi } from "vitest";
import { InklingError } from "@/lib/inference/errors";
import { createRoute } from "./route";

const logged: { level: string; entry: Record<string, unknown> }[] = [];

vi.mock("./log", () => ({
  getLogOutput: () => ({ dropped: 0 }),
  getLog: () => ({
    info: (entry: Record<string, unknown>) => logged.push({ level: "info", entry }),
    error: (entry: Record<string, unknown>) => logged.push({ level: "error", entry }),
  }),
}));

beforeEach(() => {
  logged.length = 0;
});

const request = (method: string, init: RequestInit = {}) =>
  new Request("http://localhost/api/x?secret=1", { method, ...init });

describe("createRoute", () => {
  it("gives an unexpected failure's cause to the log alone", async () => {
    const { GET } = createRoute("/api/x", {
      GET: () => {
        throw new Error("no such file: /srv/models/secret");
      },
    });
    const response = await GET(request("GET"), {});
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: "internal" });
    expect(text).not.toMatch(/secret|srv|Error/);
    const [{ level, entry } = { level: "", entry: {} }] = logged;
    expect(level).toBe("error");
    expect(entry).toMatchObject({ route: "/api/x", status: 500, requestId: response.headers.get("x-request-id") });
    expect((entry.err as Error).message).toContain("secret");
  });

  it("logs neither the address nor what was sent", async () => {
    const { POST } = createRoute("/api/x", {
      POST: async (received) => {
        throw new InklingError("invalid_field", `text was ${await received.text()}.`, "Send another.");
      },
    });
    const response = await POST(request("POST", { body: "my private words" }), {});
    expect(await response.json()).toMatchObject({ detail: "text was my private words." });
    expect(logged).toHaveLength(1);
    expect(Object.keys(logged[0]?.entry ?? {}).sort()).toEqual([
      "code",
      "method",
      "ms",
      "requestId",
      "route",
      "status",
    ]);
    expect(JSON.stringify(logged)).not.toMatch(/private|secret/);
  });

  it("tells a client that has gone from a failure", async () => {
    const controller = new AbortController();
    const { GET } = createRoute("/api/x", {
      GET: async (received) => {
        controller.abort();
        received.signal.throwIfAborted();
        return new Response();
      },
    });
    expect((await GET(request("GET", { signal: controller.signal }), {})).status).toBe(499);
    expect(logged).toMatchObject([{ level: "info", entry: { status: 499, code: "client_closed_request" } }]);
  });

  it("allows HEAD wherever it allows GET", async () => {
    const { OPTIONS, PUT } = createRoute("/api/x", { GET: () => new Response() });
    expect((await OPTIONS(request("OPTIONS"), {})).headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    const refused = await PUT(request("PUT"), {});
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  });
});
