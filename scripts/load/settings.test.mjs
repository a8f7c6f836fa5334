import { describe, expect, it } from "vitest";
import { env } from "@/lib/env";
import { DEFAULTS, reportSettings } from "./settings.mjs";

describe("settings of the queues", () => {
  it("are compared with the defaults that the server has", () => {
    expect(env).toMatchObject(DEFAULTS);
  });

  it("are told in a row each, the default as such", () => {
    const summary = { all: { p50: 100, p95: 200 }, kinds: {}, goodput: 12.34, refused: 0.25 };
    const rows = [8, 16].map((value) => ({ name: "INFERENCE_MAX_BATCH", value, alone: summary, crowd: summary }));
    const text = reportSettings([["System", "here"]], { seconds: 60, rows });
    expect(text).toContain("20 s one after the other, 30 s of 16 visitors");
    const [first, second] = text.split("\n").filter((line) => line.includes("MAX_BATCH"));
    expect(first).toMatch(/`INFERENCE_MAX_BATCH=8` \(default\) *\| *100 \/ 200 *\| *– *\| *12\.3 *\| *25 %/);
    expect(second).not.toContain("default");
  });
});
