/** The import rules of biome.json: app → lib/<task> → lib/vision → lib/inference, shown by planting a violation of each. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A folder, what a file in it imports, and what it may import at the same place. */
const RULES = [
  ["lib/vision", "onnxruntime-web/wasm", "@/lib/inference/engine"],
  ["lib/captioning", "onnxruntime-node", "@/lib/inference/engine"],
  ["lib/server", "onnxruntime-node", "@/lib/inference/node-pool"],
  ["lib/browser", "onnxruntime-web", "@/lib/inference/worker-client"],
  ["app/captioning", "onnxruntime-web/webgpu", "@/lib/inference/errors"],
  ["app/vqa", "onnxruntime-web/wasm", "@/lib/inference/errors"],
  ["lib/vqa", "onnxruntime-node", "@/lib/inference/engine"],
  ["scripts/bench", "onnxruntime-node", "../models.mjs"],

  ["lib/inference", "@/lib/vision/encoder", "onnxruntime-node"],
  ["lib/inference", "../vision/encoder", "./engine"],
  ["lib/inference", "@/lib/captioning/pipeline", "onnxruntime-web/wasm"],
  ["lib/inference", "@/lib/vqa/pipeline", "onnxruntime-web/webgpu"],
  ["lib/inference", "@/lib/http/problem", "zod"],
  ["lib/vision", "@/lib/stories/pipeline", "./attention"],
  ["lib/inference", "../env", "node:fs"],
  ["lib/inference", "@/app/page", "./errors"],

  ["lib/vision", "@/lib/captioning/pipeline", "@/lib/inference/errors"],
  ["lib/vision", "../captioning/pipeline", "../inference/errors"],
  ["lib/vision", "../vqa/pipeline", "./pixels"],
  ["lib/vision", "@/lib/server/pool", "sharp"],
  ["lib/vision", "@/app/captioning/page", "lru-cache"],

  ["lib/captioning", "@/lib/vqa/pipeline", "@/lib/vision/encoder"],
  ["lib/captioning", "../handwriting/pipeline", "../vision/encoder"],
  ["lib/captioning", "@/lib/ui/button", "./sampling"],
  ["lib/captioning", "../../app/captioning/page", "@/lib/inference/errors"],
  ["lib/vqa", "@/lib/captioning/pipeline", "@/lib/vision/encoder"],
  ["lib/vqa", "../captioning/vocabulary", "../vision/encoder"],
  ["lib/vqa", "../../app/vqa/page", "./question"],
  ["lib/captioning", "../../lib/vqa/pipeline", "../../lib/vision/encoder"],
  ["lib/handwriting", "../captioning/pipeline", "@/lib/inference/engine"],
  ["lib/handwriting", "../cells/network", "@/lib/inference/engine"],
  ["lib/cells", "../handwriting/noise", "../inference/worker-protocol"],
  ["lib/cells", "@/lib/ui/button", "./network"],
  ["lib/stories", "@/lib/vqa/pipeline", "@/lib/inference/answers"],
  ["lib/vqa", "../stories/pipeline", "./vocabulary"],
  ["lib/language", "../handwriting/noise", "@/lib/inference/philox"],
  ["lib/language", "@/lib/ui/button", "./chunk"],
  ["lib/stories", "@/lib/language/pipeline", "./words"],
  ["lib/inference", "@/lib/language/chunk", "./engine"],
  ["lib/translation", "@/lib/captioning/sampling", "@/lib/inference/beam-search"],
  ["lib/stories", "../translation/pipeline", "./vocabulary"],

  ["app/captioning", "@/lib/vqa/pipeline", "@/lib/captioning/pipeline"],
  ["app/captioning", "../vqa/page", "./settings"],
  ["app/vqa", "@/app/captioning/settings", "@/lib/ui/button"],
  ["app/vqa", "@/lib/captioning/pipeline", "@/lib/vqa/question"],
  ["app/captioning", "../../lib/vqa/pipeline", "../../lib/captioning/pipeline"],
  ["app/captioning", "../../app/vqa/page", "../../lib/ui/button"],
  ["app/vqa", "@/lib/cells/network", "@/lib/vqa/pipeline"],
  ["app/cells", "@/lib/handwriting/noise", "@/lib/cells/network"],
  ["app/cells", "../vqa/settings", "./settings"],
  ["app/api/captioning", "../vqa/schema", "./schema"],
  ["app/api/vqa", "@/lib/captioning/pipeline", "@/lib/vqa/pipeline"],
  ["app/api/handwriting", "@/lib/captioning/pipeline", "@/lib/handwriting/pipeline"],
  ["app/stories", "@/lib/vqa/question", "@/lib/stories/words"],
  ["app/language", "@/lib/stories/words", "@/lib/language/options"],
  ["app/stories", "@/app/language/settings", "./settings"],
  ["app/translation", "@/lib/stories/words", "@/lib/translation/options"],
  ["app/captioning", "@/app/translation/settings", "@/lib/ui/button"],

  ["lib/ui", "@/app/captioning/settings", "./button"],
  ["lib/http", "../../app/api/captioning/schema", "@/lib/inference/errors"],
  ["lib", "@/app/page", "./captioning/pipeline"],
] as const;

/** Every way to import; each is a file of its own. */
const FORMS = {
  value: (source: string) => `import planted from "${source}";\nconsole.log(planted);\n`,
  type: (source: string) => `import type { Planted } from "${source}";\nexport type Kept = Planted;\n`,
  again: (source: string) => `export { planted } from "${source}";\n`,
  dynamic: (source: string) => `export const planted = () => import("${source}");\n`,
};

const root = resolve(import.meta.dirname, "..");
let tree: string;
let refused: Set<string>;

function pathOf(folder: string, index: number, kind: "refused" | "allowed", form: string): string {
  return `${folder}/${kind}-${index}-${form}.ts`;
}

/** Paths of the files in which Biome finds a forbidden import. */
function lint(): Set<string> {
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const args = ["lint", "--only=style/noRestrictedImports", "--reporter=json", "--max-diagnostics=none", "."];
  const { stdout } = spawnSync(process.execPath, [biome, ...args], { cwd: tree, encoding: "utf8" });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { location: { path: string } }[] };
  return new Set(diagnostics.map(({ location }) => location.path));
}

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "inkling-imports-"));
  for (const file of ["biome.json", ".gitignore"]) cpSync(join(root, file), join(tree, file));
  RULES.forEach(([folder, forbidden, permitted], index) => {
    for (const [form, write] of Object.entries(FORMS)) {
      for (const [kind, source] of [["refused", forbidden] as const, ["allowed", permitted] as const]) {
        const path = join(tree, pathOf(folder, index, kind, form));
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, write(source));
      }
    }
  });
  refused = lint();
});

afterAll(() => rmSync(tree, { recursive: true }));

describe("imports", () => {
  it.each(RULES.map((rule, index) => [...rule, index] as const))(
    "%s must not import %s, but may %s",
    (folder, _f, _p, index) => {
      const forms = Object.keys(FORMS);
      expect(forms.filter((form) => refused.has(pathOf(folder, index, "refused", form)))).toEqual(forms);
      expect(forms.filter((form) => refused.has(pathOf(folder, index, "allowed", form)))).toEqual([]);
    },
  );
});
