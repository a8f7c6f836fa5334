import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nodeVersionProblem } from "./node-version.mjs";
import { hashSources, installCuda, isInstalled } from "./setup.mjs";

describe("nodeVersionProblem", () => {
  it.each(["20.9.0", "20.20.2", "22.0.0", "26.1.0"])("takes %s", (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(["20.8.9", "18.20.4", "0.10.48"])("says what to do about %s", (version) => {
    expect(nodeVersionProblem(version)).toMatch(
      new RegExp(`^.*needs Node 20\\.9\\.0.*this is Node ${version}: install.*$`),
    );
  });
});

describe("isInstalled", () => {
  const lock = {
    packages: {
      "": { version: "0.1.0" },
      "node_modules/next": { version: "16.4.5" },
      "node_modules/@next/swc-darwin-x64": { version: "16.4.5", optional: true },
    },
  };

  it("is content with what this machine needs", () => {
    expect(isInstalled(lock, { packages: { "node_modules/next": { version: "16.4.5" } } })).toBe(true);
  });

  it("notices what is absent or of another version", () => {
    expect(isInstalled(lock, { packages: {} })).toBe(false);
    expect(isInstalled(lock, { packages: { "node_modules/next": { version: "16.4.4" } } })).toBe(false);
  });
});

describe.runIf(process.platform === "linux" && process.arch === "x64")("installCuda", () => {
  let folder;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "inkling-cuda-"));
    vi.spyOn(console, "log").mockImplementation(() => {});
    await mkdir(join(folder, "script"));
    // Stands in for the package's script, which fetches some hundred megabytes.
    await writeFile(
      join(folder, "script/install.js"),
      `const { appendFileSync, mkdirSync } = require("node:fs");
       const { join } = require("node:path");
       appendFileSync(join(__dirname, "calls"), process.env.ONNXRUNTIME_NODE_INSTALL + " ");
       if (process.env.OFFLINE) process.exit(1);
       const libraries = join(__dirname, "../bin/napi-v6/linux/x64");
       mkdirSync(libraries, { recursive: true });
       appendFileSync(join(libraries, "libonnxruntime_providers_cuda.so"), "");`,
    );
    vi.stubEnv("PATH", folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  const calls = () => readFile(join(folder, "script/calls"), "utf8").catch(() => "");
  const addCard = () => writeFile(join(folder, "nvidia-smi"), "", { mode: 0o755 });

  it("fetches the libraries once, on the first start with a card", async () => {
    await installCuda(folder);
    expect(await calls()).toBe("");
    await addCard();
    await installCuda(folder);
    await installCuda(folder);
    expect(await calls()).toBe("cuda12 ");
  });

  it("goes on where they cannot be fetched, and tries again another time", async () => {
    await addCard();
    vi.stubEnv("OFFLINE", "1");
    await installCuda(folder);
    expect(console.log).toHaveBeenLastCalledWith("They could not be fetched: the models will run on the CPU.");
    vi.stubEnv("OFFLINE", "");
    await installCuda(folder);
    expect(await calls()).toBe("cuda12 cuda12 ");
  });
});

describe("hashSources", () => {
  let directory;
  const hash = () => hashSources([join(directory, "app"), join(directory, "package.json"), join(directory, "absent")]);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "inkling-sources-"));
    await mkdir(join(directory, "app/deep"), { recursive: true });
    await writeFile(join(directory, "app/deep/page.tsx"), "page");
    await writeFile(join(directory, "package.json"), "{}");
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("is the same for the same contents", async () => {
    const before = await hash();
    await writeFile(join(directory, "app/deep/page.tsx"), "page");
    expect(await hash()).toBe(before);
  });

  it("changes with a content, a name, and a file that comes or goes", async () => {
    const hashes = [await hash()];
    await writeFile(join(directory, "app/deep/page.tsx"), "pagE");
    hashes.push(await hash());
    await rm(join(directory, "app/deep/page.tsx"));
    hashes.push(await hash());
    await writeFile(join(directory, "app/page.tsx"), "pagE");
    hashes.push(await hash());
    expect(new Set(hashes).size).toBe(4);
  });

  it("does not change with tests, which the build does not read", async () => {
    const before = await hash();
    await writeFile(join(directory, "app/page.test.tsx"), "test");
    expect(await hash()).toBe(before);
  });
});
