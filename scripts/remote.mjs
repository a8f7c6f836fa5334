/** `npm run test:remote`: its counts go into docs/scaling.md. */
import { readFile, writeFile } from "node:fs/promises";
import { replaceTables, table } from "./bench/table.mjs";
import { gaveHelp, main, Stop } from "./command.mjs";
import { assertNodeVersion, installPackages } from "./setup.mjs";
import { testEndToEnd, testServing } from "./test-remote.mjs";
import { counted, playwrightCounts, pytestCounts } from "./test-report.mjs";

const DOCUMENT = "docs/scaling.md";
const USAGE = `npm run test:remote: the app with its models in MLServer, tested as processes on loopback (ten minutes).
What passed and failed is put into ${DOCUMENT}.`;

await main(async () => {
  if (gaveHelp(USAGE)) return;
  assertNodeVersion();
  await installPackages();
  const rows = [
    ["clients of the protocol, the app, MLServer", await counted("remote.json", pytestCounts, testServing)],
    ["the app's API and pages, models in MLServer", await counted("playwright.json", playwrightCounts, testEndToEnd)],
  ];
  if (rows.some(([, { passed }]) => passed === 0)) throw new Stop("A part did not come to its end: nothing is kept.");
  const date = new Date().toISOString().slice(0, 10);
  const cells = rows.map(([what, { passed, failed }]) => [what, passed, failed]);
  const result = table([`On ${date}, Node ${process.versions.node}`, "Passed", "Failed"], cells);
  await writeFile(DOCUMENT, replaceTables(await readFile(DOCUMENT, "utf8"), "remote tests", result));
  console.log(`\n${result}\n\nThis is in ${DOCUMENT}.`);
  return rows.some(([, { failed }]) => failed > 0) ? 1 : 0;
});
