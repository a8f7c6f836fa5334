import { describe, expect, it } from "vitest";
import { faultOf, withoutDevelopment } from "./sbom.mjs";

const project = { name: "app", dependencies: { shared: "1" }, devDependencies: { tool: "2", shared: "1" } };
const lock = {
  lockfileVersion: 3,
  packages: {
    "": { ...project },
    "node_modules/shared": { version: "1.0.0" },
    "node_modules/shared/node_modules/@a/b": { version: "3.0.0" },
    "node_modules/tool": { version: "2.0.0", dev: true },
  },
};

describe("withoutDevelopment", () => {
  it("keeps what the app shares with its development", () => {
    const kept = withoutDevelopment(project, lock);
    expect(kept.project).toEqual({ name: "app", dependencies: { shared: "1" } });
    expect(kept.lock.packages[""]).toEqual(kept.project);
    expect(Object.keys(kept.lock.packages)).toEqual([
      "",
      "node_modules/shared",
      "node_modules/shared/node_modules/@a/b",
    ]);
    expect(kept.lock.lockfileVersion).toBe(3);
  });
});

describe("faultOf", () => {
  const components = [
    { name: "shared", version: "1.0.0" },
    { name: "@a/b", version: "3.0.0" },
  ];
  const bill = (changed) => JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.5", components, ...changed });
  const { lock: kept } = withoutDevelopment(project, lock);

  it("finds nothing in a bill with every package", () => {
    expect(faultOf(bill({}), kept)).toBeUndefined();
  });

  it("says what is no bill, and what is missing in one", () => {
    expect(faultOf("npm error", kept)).toBe("it is not JSON");
    expect(faultOf(bill({ bomFormat: "SPDX" }), kept)).toMatch(/CycloneDX/);
    expect(faultOf(bill({ specVersion: undefined }), kept)).toMatch(/CycloneDX/);
    expect(faultOf(bill({ components: undefined }), kept)).toBe("it lacks shared@1.0.0, @a/b@3.0.0");
    expect(faultOf(bill({ components: [{ name: "shared", version: "1.0.1" }, components[1]] }), kept)).toBe(
      "it lacks shared@1.0.0",
    );
  });
});
