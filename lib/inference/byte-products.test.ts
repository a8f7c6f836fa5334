import { describe, expect, it } from "vitest";
import { byteProductsOverflow } from "./byte-products";

const cpuinfo = (flags: string) => `processor\t: 0\nflags\t\t: fpu ${flags} sse\npower management:\n`;

describe("byteProductsOverflow", () => {
  it.each([
    ["x64", cpuinfo("avx2"), true],
    ["x64", cpuinfo("avx512bw avx512_vnni"), false],
    ["x64", cpuinfo("avx2 avx_vnni"), false],
    ["x64", "", true],
    ["arm64", "", false],
  ])("%s, %j: %s", (architecture, description, overflows) => {
    expect(byteProductsOverflow({ architecture, description })).toBe(overflows);
  });

  it("knows of this machine", () => {
    expect(byteProductsOverflow()).toBeTypeOf("boolean");
  });
});
