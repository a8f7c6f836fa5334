import { describe, expect, it } from "vitest";
import { API_POLICY, FILE_POLICY, pagePolicy } from "./content-security-policy";

const scripts = (policy: string) => /script-src ([^;]*)/.exec(policy)?.[1]?.split(" ");

describe("pagePolicy", () => {
  it("allows the scripts that are hashed, and those that have the nonce", () => {
    const own = ["'self'", "blob:", "'wasm-unsafe-eval'"];
    expect(scripts(pagePolicy({ scripts: ["YQ==", "Yg=="] }))).toEqual([...own, "'sha256-YQ=='", "'sha256-Yg=='"]);
    expect(scripts(pagePolicy({ scripts: [], nonce: "bm9uY2U=" }))).toEqual([...own, "'nonce-bm9uY2U='"]);
    expect(scripts(FILE_POLICY)).toEqual(own);
  });

  it("allows evaluation to the development server alone", () => {
    expect(pagePolicy({ scripts: [], development: true })).toContain("'unsafe-eval'");
    for (const policy of [pagePolicy({ scripts: [] }), FILE_POLICY, API_POLICY]) {
      expect(policy).not.toMatch(/'unsafe-eval'|script-src[^;]*'unsafe-inline'/);
    }
  });
});
