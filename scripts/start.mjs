/** `npm start`: from a bare checkout to a running server, with one sentence for whatever stands in the way. */
import { gaveHelp, main, run, Stop, surviveBrokenOutput } from "./command.mjs";
import { verifyModels } from "./models.mjs";
import { assertPortIsFree, parsePort } from "./port.mjs";
import { assertNodeVersion, buildIfChanged, installPackages } from "./setup.mjs";

const USAGE = `npm start: installs the packages and builds the app where that has not been done, checks the models, and serves.
  PORT=3000 npm start    on this port
docs/architecture.md lists the other environment variables.`;

const READY_WITHIN_MS = 60_000;

/** Whether the server answers before a point in time. */
async function answers(url, deadline) {
  while (Date.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

await main(async () => {
  if (gaveHelp(USAGE)) return;
  assertNodeVersion();
  const port = parsePort(process.env.PORT);
  await assertPortIsFree(port);
  const files = await verifyModels(process.env.MODELS_DIRECTORY || "models");
  console.log(`Models: ${files} files, each with the SHA-256 of the manifest.`);
  await installPackages();
  await buildIfChanged();

  const url = `http://localhost:${port}`;
  void answers(`${url}/api/health/live`, Date.now() + READY_WITHIN_MS).then((ready) => {
    if (ready) console.log(`Inkling is running at ${url}. Ctrl-C stops it.`);
  });
  surviveBrokenOutput();
  const status = await run(process.execPath, ["scripts/serve.mjs", "--port", String(port)], {
    env: { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
  });
  if (status !== 0) throw new Stop(`The server stopped with status ${status}: the lines above say why.`);
});
