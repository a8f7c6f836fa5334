/** `npm run dev`: the development server. The server's worker is built once: a change below `lib/` needs a restart there. */
import { main, run } from "./command.mjs";
import { assertPortIsFree, parsePort } from "./port.mjs";
import { assertNodeVersion, installPackages } from "./setup.mjs";

await main(async () => {
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
