/** Hashes for the Content Security Policy of each prerendered page, to `build/inline-hashes.json`, which `proxy.ts` reads. */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

const PAGES = ".next/server/app";
const HASHES = "build/inline-hashes.json";

/**
 * @param {string} html a page as Next has rendered it
 * @returns {string[]} SHA-256, in base64, of each script that stands in it
 */
export function hashInlineScripts(html) {
  const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)]
    .filter(([, attributes]) => !/\ssrc=/.test(attributes))
    .map(([, , text]) => createHash("sha256").update(text).digest("base64"));
  return [...new Set(scripts)];
}

/** Hashes every prerendered page of the build, by its address. */
export async function writeInlineHashes() {
  const files = await readdir(PAGES, { recursive: true });
  const pages = {};
  for (const file of files.filter((each) => each.endsWith(".html")).sort()) {
    const name = relative(PAGES, join(PAGES, file)).split(sep).join("/").slice(0, -".html".length);
    const address = name === "index" ? "/" : `/${name}`;
    pages[address] = hashInlineScripts(await readFile(join(PAGES, file), "utf8"));
  }
  await writeFile(HASHES, `${JSON.stringify(pages, null, 2)}\n`);
}
