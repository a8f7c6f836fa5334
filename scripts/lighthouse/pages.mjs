import { build } from "esbuild";

/** @returns {Promise<string[]>} the path of every page of the app, which `lib/ui/pages.ts` lists */
export async function listPaths() {
  const { outputFiles } = await build({
    entryPoints: ["lib/ui/pages.ts"],
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "error",
  });
  const { PAGES } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  return PAGES.map(({ path }) => path);
}
