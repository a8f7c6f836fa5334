import { describe, expect, it } from "vitest";
import { parseEnv } from "./env";

describe("parseEnv", () => {
  it("needs nothing to be set", () => {
    expect(parseEnv({})).toMatchObject({ INFERENCE_DEVICE: "auto", MODELS_DIRECTORY: "models", LOG_LEVEL: "info" });
    expect(parseEnv({}).RATE_LIMIT_PER_MINUTE).toBeUndefined();
    expect(parseEnv({ INFERENCE_WORKERS: "", LOG_LEVEL: "" })).toEqual(parseEnv({}));
  });

  it("divides the cores among the workers, unless it is told otherwise", () => {
    const alone = parseEnv({ INFERENCE_WORKERS: "1" }).INFERENCE_THREADS;
    expect(parseEnv({ INFERENCE_WORKERS: "2" }).INFERENCE_THREADS).toBe(Math.max(1, Math.floor(alone / 2)));
    expect(parseEnv({ INFERENCE_WORKERS: "64" }).INFERENCE_THREADS).toBeGreaterThanOrEqual(1);
    expect(parseEnv({ INFERENCE_WORKERS: "2", INFERENCE_THREADS: "7" }).INFERENCE_THREADS).toBe(7);
  });

  it("takes one server or several to run the models, which more batches go to at a time than workers here", () => {
    const { INFERENCE_URL, INFERENCE_WORKERS } = parseEnv({ INFERENCE_URL: "http://a:8000, https://b/models" });
    expect(INFERENCE_URL).toEqual(["http://a:8000", "https://b/models"]);
    expect(INFERENCE_WORKERS).toBe(4);
    for (const wrong of ["a:8000", "file:///etc/passwd", "http://a,"]) {
      expect(() => parseEnv({ INFERENCE_URL: wrong })).toThrow("INFERENCE_URL");
    }
  });

  it("names everything that is wrong at once", () => {
    const wrong = { INFERENCE_DEVICE: "gpu", INFERENCE_WORKERS: "0", REQUEST_DEADLINE_MS: "soon" };
    const name = (variable: string) => expect(() => parseEnv(wrong)).toThrow(variable);
    for (const variable of Object.keys(wrong)) name(variable);
  });

  it("reads lists of proxies and origins, and says which value is none", () => {
    expect(parseEnv({})).toMatchObject({ TRUSTED_PROXIES: [], ALLOWED_ORIGINS: [] });
    const lists = { TRUSTED_PROXIES: "10.0.0.0/8, ::1,2001:db8::/32", ALLOWED_ORIGINS: "https://example.org" };
    expect(parseEnv(lists)).toMatchObject({
      TRUSTED_PROXIES: ["10.0.0.0/8", "::1", "2001:db8::/32"],
      ALLOWED_ORIGINS: ["https://example.org"],
    });
    for (const wrong of ["proxy.example", "10.0.0.0/33", "10.0.0"]) {
      expect(() => parseEnv({ TRUSTED_PROXIES: wrong })).toThrow(/TRUSTED_PROXIES.*must hold addresses/);
    }
    for (const wrong of ["*", "example.org", "https://example.org/", "https://example.org/path"]) {
      expect(() => parseEnv({ ALLOWED_ORIGINS: wrong })).toThrow(/ALLOWED_ORIGINS.*must hold origins/);
    }
  });
});
