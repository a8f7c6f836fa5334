import { readFileSync } from "node:fs";

/**
 * Whether this processor's fast instructions for products of bytes overflow: x64 without VNNI adds pairs of them in 16 bits.
 * Only Linux says what its processor has, so that elsewhere the answer on x64 is yes.
 *
 * @param processor - `architecture` as `process.arch` has it, `description` what Linux writes to /proc/cpuinfo
 */
export function byteProductsOverflow({ architecture, description } = thisProcessor()): boolean {
  return architecture === "x64" && !/^flags\s*:.*vnni/m.test(description);
}

function thisProcessor(): { architecture: string; description: string } {
  let description = "";
  try {
    description = readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    // Not Linux.
  }
  return { architecture: process.arch, description };
}
