/** `npm run lighthouse`: audits every page of the built app, and fails where a score is too low. */
import { withServer } from "../bench/server.mjs";
import { main } from "../command.mjs";
import { assertNodeVersion, buildIfChanged, installPackages } from "../setup.mjs";

const USAGE = `npm run lighthouse [-- PATH …]: builds the app where that has not been done, and audits these pages, or all.
  npm run lighthouse -- /vqa    this page
It measures speed: let nothing else run beside it.`;

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

  let failed = 0;
  await withServer(async (url) => {
    console.log(`| page | ${CATEGORIES.join(" | ")} |\n| --- |${" ---: |".repeat(CATEGORIES.length)}`);
    await auditPages(
      paths.map((path) => `${url}${path}`),
      CATEGORIES,
      (address, { scores, failures }) => {
        console.log(`| ${address.slice(url.length)} | ${CATEGORIES.map((name) => scores[name]).join(" | ")} |`);
        if (CATEGORIES.every((name) => scores[name] >= LEAST)) return;
        failed++;
        for (const failure of failures) console.error(`  ${failure}`);
      },
    );
  }, new AbortController().signal);
  console.log(failed === 0 ? `Every score is ${LEAST} or more.` : `${failed} pages have a score below ${LEAST}.`);
  return failed === 0 ? 0 : 1;
});
