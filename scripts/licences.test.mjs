import { describe, expect, it } from "vitest";
import { isAllowed, parseMetadata } from "./licences.mjs";

const rules = {
  allowed: ["MIT", "Apache-2.0", "Zlib"],
  names: { "MIT License": "MIT" },
  packages: { "nvidia-*": "why", one: "why" },
};
const allowed = (licence, name = "some") => isAllowed({ name, version: "1", licence }, rules);

describe("isAllowed", () => {
  it("reads SPDX expressions: one of an OR, each of an AND", () => {
    expect(allowed("MIT")).toBe(true);
    expect(allowed("(GPL-3.0-only OR Apache-2.0)")).toBe(true);
    expect(allowed("MIT AND Zlib")).toBe(true);
    expect(allowed("MIT AND GPL-3.0-only")).toBe(false);
    expect(allowed("GPL-3.0-only")).toBe(false);
  });

  it("knows the names that Python's classifiers have, and takes no other text for a licence", () => {
    expect(allowed("MIT License")).toBe(true);
    for (const text of ["", "UNKNOWN", "Copyright 2013", "toString"]) expect(allowed(text)).toBe(false);
  });

  it("lets packages pass that are named with a reason", () => {
    expect(allowed("Proprietary", "nvidia-cublas")).toBe(true);
    expect(allowed("", "one")).toBe(true);
    expect(allowed("", "one-more")).toBe(false);
  });
});

describe("parseMetadata", () => {
  it("prefers the expression, then the classifier, and reads no further than the head", () => {
    const head = "Metadata-Version: 2.4\nName: some\nVersion: 1.2\n";
    const classifier = "Classifier: License :: OSI Approved :: MIT License\n";
    const body = "\nLicense: GPL-3.0-only\n";
    expect(parseMetadata(`${head}${classifier}License-Expression: Zlib\n${body}`)).toEqual({
      name: "some",
      version: "1.2",
      licence: "Zlib",
    });
    expect(parseMetadata(`${head}License: text\n${classifier}${body}`).licence).toBe("MIT License");
    expect(parseMetadata(`${head}License: Apache-2.0\n${body}`).licence).toBe("Apache-2.0");
    expect(parseMetadata(`${head}${body}`).licence).toBe("");
  });
});
