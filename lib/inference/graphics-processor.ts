import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";

/** Linux's drivers of graphics processors. Others draw for virtual machines and remote consoles, by the CPU. */
const DRIVERS = ["amdgpu", "i915", "msm", "nouveau", "nvidia", "panfrost", "panthor", "radeon", "v3d", "xe"];

/**
 * Whether this machine has a graphics processor that WebGPU could use. An adapter alone does not say so: Vulkan may come with one that
 * is software and slower than the CPU's own kernels.
 *
 * @param platform - as `process.platform`. Windows and macOS have no software adapters unless one is asked for.
 * @param root - of the file system that is looked at
 */
export function hasGraphicsProcessor(platform: string = process.platform, root = "/"): boolean {
  if (platform !== "linux") return platform === "win32" || platform === "darwin";
  // NVIDIA's own driver, and the one of Windows's subsystem for Linux, have devices of their own.
  if (existsSync(join(root, "dev/nvidia0")) || existsSync(join(root, "dev/dxg"))) return true;
  try {
    const nodes = readdirSync(join(root, "sys/class/drm")).filter((name) => name.startsWith("renderD"));
    return nodes.some((name) => DRIVERS.includes(driverOf(join(root, "sys/class/drm", name))));
  } catch {
    return false;
  }
}

function driverOf(node: string): string {
  try {
    return basename(readlinkSync(join(node, "device/driver")));
  } catch {
    return "";
  }
}
