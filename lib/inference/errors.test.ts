import { describe, expect, it, vi } from "vitest";
import { ERROR_CODES, InklingError, isAbortError } from "./errors";

describe("InklingError", () => {
  it("takes status and title from its code", () => {
    const error = new InklingError("overloaded", "8 requests are waiting already.", "Try again in a few seconds.");
    expect(error).toMatchObject({
      status: 503,
      title: "The server is busy",
      message: "8 requests are waiting already.",
    });
  });

  it("survives a structured clone as its data", () => {
    const error = new InklingError("unknown_model", "There is no model x.", "Use vision.", {
      cause: new Error("secret"),
    });
    const data = structuredClone(error.toData());
    expect(data).toEqual({ code: "unknown_model", detail: "There is no model x.", suggestion: "Use vision." });
    expect(InklingError.fromData(data)).toMatchObject({ ...data, status: 404 });
  });

  it("turns anything thrown into an internal error that does not show it", () => {
    const cause = new Error("/secret/path");
    const error = InklingError.from(cause);
    expect(error).toMatchObject({ code: "internal", status: 500, cause });
    expect(JSON.stringify(error.toData())).not.toContain("secret");
    expect(InklingError.from(error)).toBe(error);
  });

  it("is known to another copy of its class, as each bundle has one", async () => {
    vi.resetModules();
    const { InklingError: Other } = await import("./errors");
    const error = new InklingError("overloaded", "8 requests are waiting already.", "Try again in a few seconds.");
    expect(Other).not.toBe(InklingError);
    expect(Other.from(error)).toBe(error);
    expect(Other.from(new Error("x"))).toMatchObject({ code: "internal" });
  });

  it("uses only statuses of HTTP errors", () => {
    for (const { status } of Object.values(ERROR_CODES)) expect(status).toSatisfy((s: number) => s >= 400 && s < 600);
  });
});

describe("isAbortError", () => {
  it("knows an abort from a failure", () => {
    const controller = new AbortController();
    controller.abort();
    expect(isAbortError(controller.signal.reason)).toBe(true);
    expect(isAbortError(new Error("no"))).toBe(false);
    expect(isAbortError("AbortError")).toBe(false);
  });
});
