/** `npm run test:remote`. */
import { gaveHelp, main } from "./command.mjs";
import { assertNodeVersion, installPackages } from "./setup.mjs";
import { testEndToEnd, testServing } from "./test-remote.mjs";

await main(async () => {
  if (
    gaveHelp("npm run test:remote: the app with its models in MLServer, tested as processes on loopback (ten minutes).")
  )
    return;
  assertNodeVersion();
  await installPackages();
  return (await testServing([])) || (await testEndToEnd());
});
