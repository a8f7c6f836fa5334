/** `npm run build`: the server's worker and the app, whether or not a source has changed. */
import { main } from "./command.mjs";
import { assertNodeVersion, buildApp, installPackages } from "./setup.mjs";

await main(async () => {
  assertNodeVersion();
  await installPackages();
  await buildApp();
});
