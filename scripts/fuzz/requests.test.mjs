import { readdir, readFile } from "node:fs/promises";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { parseManifest } from "@/lib/inference/manifest";
import { decodeMessage } from "@/lib/inference/oip/messages";
import { listOipModels } from "@/lib/oip-models";
import config from "@/next.config";
import { readCalls, toRequest } from "./inference.mjs";
import { readPaths } from "./paths.mjs";
import { makeRequests } from "./requests.mjs";

/** As `GET /models`, what is read always and what a chunk of requests asks for. */
let asked;
let paths;
let calls;

beforeAll(async () => {
  [paths, calls] = await Promise.all([readPaths(), readCalls()]);
  const made = fc.sample(await makeRequests("http://127.0.0.1:9/canary"), { seed: 1, numRuns: 500 });
  asked = [...paths.map((path) => `GET ${path}`), ...made.map(({ method, path }) => `${method} ${path}`)].map(
    (each) => each.split("?")[0],
  );
});

/** Every page and route of the app, and which of GET and POST it has: others come about by spoiling these. */
async function readRoutes() {
  const files = (await readdir("app", { recursive: true })).filter((file) => /(^|\/)(page\.tsx|route\.ts)$/.test(file));
  return await Promise.all(
    files.map(async (file) => {
      const source = await readFile(`app/${file}`, "utf8");
      const methods = [...source.matchAll(/\b(GET|POST): /g)].map(([, method]) => method);
      return {
        path: `/${file.replace(/\/?(page\.tsx|route\.ts)$/, "")}`,
        methods: methods.length > 0 ? methods : ["GET"],
      };
    }),
  );
}

/** Next's pattern of a path: `[name]` is one of its parts, `[...name]` several, `[[...name]]` any. */
function toPattern(path) {
  const source = path
    .replaceAll(".", "\\.")
    .replace(/\/\[\[\\\.\\\.\\\.\w+\]\]/, "(/.*)?")
    .replace(/\[\\\.\\\.\\\.\w+\]/, ".+")
    .replace(/\[\w+\]/, "[^/]+");
  return new RegExp(`^${source}$`);
}

describe("requests of a fuzz run", () => {
  it("go to every page and route, with each method that it has", async () => {
    const routes = await readRoutes();
    expect(routes.length).toBeGreaterThan(25);
    for (const { path, methods } of routes) {
      for (const method of new Set(methods)) {
        const to = asked.filter((each) => each.startsWith(`${method} `)).map((each) => each.slice(method.length + 1));
        expect(
          to.some((each) => toPattern(path).test(each)),
          `${method} ${path}`,
        ).toBe(true);
      }
    }
  });

  it("go to every model under /v2, valid as JSON and as bytes, and in a shape that it takes", async () => {
    const models = listOipModels(parseManifest(await readFile("models/manifest.json", "utf8")));
    expect(calls.map(({ model }) => model).sort()).toEqual(models.map(({ name }) => name).sort());
    for (const call of calls) {
      expect(asked).toContain(`POST /v2/models/${call.model}/infer`);
      const { inputs } = models.find(({ name }) => name === call.model);
      for (const asBytes of [false, true]) {
        const { headers, body } = toRequest(call, asBytes);
        const length = headers["inference-header-content-length"];
        const { tensors } = decodeMessage(body, "inputs", length === undefined ? undefined : Number(length));
        const required = inputs.filter(({ optional }) => !optional);
        expect(Object.keys(tensors)).toEqual(required.map(({ name }) => name));
        for (const { name, type, shape } of required) {
          expect(tensors[name].type, `${call.model} ${name}`).toBe(type);
          expect(tensors[name].dims).toEqual(
            shape.map((size) => (typeof size === "number" ? size : expect.any(Number))),
          );
        }
      }
    }
  });

  it("ask for a picture of a size and quality that there is", () => {
    const query = new URLSearchParams(paths.find((path) => path.startsWith("/_next/image"))?.split("?")[1]);
    expect(config.images.qualities).toContain(Number(query.get("q")));
  });
});
