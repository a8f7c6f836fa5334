/** `npm run dev`: the development server. The server's worker is built once: a change below `lib/` needs a restart there. */
import { gaveHelp, main, run } from "./command.mjs";
import { assertPortIsFree, parsePort } from "./port.mjs";
import { assertNodeVersion, installPackages } from "./setup.mjs";

const USAGE = `npm run dev: serves the app, and reloads it when a source changes.
  PORT=3000 npm run dev    on this port
docs/architecture.md lists the other environment variables.`;

await main(async () => {
  if (gaveHelp(USAGE)) return;
  assertNodeVersion();
  const port = parsePort(process.env.PORT);
  await assertPortIsFree(port);
  await installPackages();
  const { buildWorker } = await import("./build-worker.mjs");
  await buildWorker();
  return await run(process.execPath, ["node_modules/next/dist/bin/next", "dev", "--port", String(port)], {
    env: { NEXT_TELEMETRY_DISABLED: "1" },
  });
});
