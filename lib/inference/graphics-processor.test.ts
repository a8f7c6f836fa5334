import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasGraphicsProcessor } from "./graphics-processor";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "devices-"));
  await mkdir(join(root, "dev"));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function addRenderNode(driver: string) {
  await mkdir(join(root, "sys/class/drm/renderD128/device"), { recursive: true });
  await symlink(`../../../bus/pci/drivers/${driver}`, join(root, "sys/class/drm/renderD128/device/driver"));
}

describe("a graphics processor", () => {
  it.each(["amdgpu", "i915", "nvidia"])("is what %s drives", async (driver) => {
    await addRenderNode(driver);
    expect(hasGraphicsProcessor("linux", root)).toBe(true);
  });

  it("is not what draws for virtual machines", async () => {
    await addRenderNode("virtio-pci");
    expect(hasGraphicsProcessor("linux", root)).toBe(false);
  });

  it.each(["nvidia0", "dxg"])("is there where %s is, without a node of its own", async (device) => {
    await writeFile(join(root, "dev", device), "");
    expect(hasGraphicsProcessor("linux", root)).toBe(true);
  });

  it("is not there on a machine without any, nor on a platform without WebGPU", async () => {
    expect(hasGraphicsProcessor("linux", root)).toBe(false);
    await mkdir(join(root, "sys/class/drm/renderD128"), { recursive: true });
    expect(hasGraphicsProcessor("linux", root)).toBe(false);
    expect(hasGraphicsProcessor("freebsd", root)).toBe(false);
  });

  it("is taken for granted where software adapters are only for those who ask", () => {
    expect(hasGraphicsProcessor("darwin", root)).toBe(true);
    expect(hasGraphicsProcessor("win32", root)).toBe(true);
  });
});
