/**
 * The app, clients of the Open Inference Protocol and a model server, each as a process of its own on loopback. Whole as
 * `npm run test:remote`; without the browser as a step of `npm test`.
 */
import { withServer } from "./bench/server.mjs";
import { run } from "./command.mjs";
import { withModelServer } from "./model-server.mjs";
import { buildIfChanged } from "./setup.mjs";
import { preparePython } from "./system.mjs";

/** What of the browser's tests the server's own answers are: pages that run models on the device need no other server. */
const END_TO_END = [
  "api",
  "captioning",
  "vqa",
  "handwriting",
  "stories",
  "language",
  "translation",
  "security",
  "logs-and-limits",
].map((name) => `e2e/${name}.spec.ts`);

const signal = new AbortController().signal;

/** The environment of the model server and of the tests that call it. */
export function prepareServing() {
  return preparePython("deploy/requirements-test.txt", ".venv-serving");
}

/**
 * Runs `deploy/tests` against the app, the app behind which MLServer runs the models, and the app behind which another one does.
 *
 * @param {string} report where pytest leaves its report
 * @returns {Promise<number>} its exit status
 */
export async function testServing(report) {
  const python = await prepareServing();
  await buildIfChanged();
  return await withModelServer(
    python,
    (modelServer) =>
      withServer(
        (app) =>
          withServer(
            (onModelServer) =>
              withServer(
                (onApp) => {
                  const env = {
                    APP: app,
                    APP_ON_MODEL_SERVER: onModelServer,
                    APP_ON_APP: onApp,
                    MODEL_SERVER: modelServer,
                  };
                  const args = ["deploy/tests", "-q", "--json-report", `--json-report-file=${report}`];
                  return run(python, ["-m", "pytest", ...args], { env });
                },
                signal,
                { env: { INFERENCE_URL: app } },
              ),
            signal,
            { env: { INFERENCE_URL: modelServer } },
          ),
        signal,
      ),
    signal,
  );
}

/**
 * The end-to-end tests of the API and of the pages, with the models in MLServer. Playwright's configuration says where its report is.
 *
 * @returns {Promise<number>} their exit status
 */
export async function testEndToEnd() {
  const python = await prepareServing();
  return await withModelServer(
    python,
    (modelServer) =>
      run(process.execPath, ["node_modules/@playwright/test/cli.js", "test", ...END_TO_END], {
        env: { INFERENCE_URL: modelServer },
      }),
    signal,
  );
}
