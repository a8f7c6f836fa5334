/** `npm run lighthouse`: audits every page of the built app, and fails where a score is too low. */
import { readFile, writeFile } from "node:fs/promises";
import { MOST_OTHER_LOAD, otherLoad } from "../bench/machine.mjs";
import { withServer } from "../bench/server.mjs";
import { percent, replaceTables, table } from "../bench/table.mjs";
import { main } from "../command.mjs";
import { assertNodeVersion, buildIfChanged, installPackages } from "../setup.mjs";

const DOCUMENT = "docs/performance.md";

const USAGE = `npm run lighthouse [-- PATH …]: builds the app where that has not been done, and audits these pages, or all.
  npm run lighthouse -- /vqa    this page
It measures speed: let nothing else run beside it. Where nothing does, the scores of all pages are put into ${DOCUMENT}.`;

await main(async () => {
  const wanted = process.argv.slice(2);
  if (wanted.includes("--help")) return console.log(USAGE);
  assertNodeVersion();
  await installPackages();
  await buildIfChanged();
  // Only now are the packages there.
  const { auditPages, CATEGORIES, LEAST } = await import("./audit.mjs");
  const { listPaths } = await import("./pages.mjs");
  const paths = wanted.length > 0 ? wanted : await listPaths();

  const busy = await otherLoad();
  if (busy > MOST_OTHER_LOAD) console.error(`Other programs use ${percent(busy)} of this machine's CPU.`);
  const rows = [];
  let failed = 0;
  await withServer(async (url) => {
    await auditPages(
      paths.map((path) => `${url}${path}`),
      CATEGORIES,
      (address, { scores, scriptBytes, failures }) => {
        const row = [
          address.slice(url.length),
          ...CATEGORIES.map((name) => scores[name]),
          Math.round(scriptBytes / 1000),
        ];
        rows.push(row);
        console.log(row.join("  "));
        if (CATEGORIES.every((name) => scores[name] >= LEAST)) return;
        failed++;
        for (const failure of failures) console.error(`  ${failure}`);
      },
    );
  }, new AbortController().signal);
  if (wanted.length === 0 && busy <= MOST_OTHER_LOAD) {
    const date = new Date().toISOString().slice(0, 10);
    const scores = table([`Page, on ${date}`, ...CATEGORIES, "JavaScript, kB"], rows);
    await writeFile(DOCUMENT, replaceTables(await readFile(DOCUMENT, "utf8"), "pages", scores));
  }
  console.log(failed === 0 ? `Every score is ${LEAST} or more.` : `${failed} pages have a score below ${LEAST}.`);
  return failed === 0 ? 0 : 1;
});
