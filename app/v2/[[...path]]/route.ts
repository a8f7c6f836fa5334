/** The Open Inference Protocol v2 (`lib/oip-models.ts` says which models): health, metadata and `infer`, for clients of that protocol. */
import { setMaxListeners } from "node:events";
import { inferResponse, withInferRequest } from "@/lib/http/oip";
import { oipErrorResponse } from "@/lib/http/problem";
import { createRoute, type Handler, type RouteOptions } from "@/lib/http/route";
import { InklingError } from "@/lib/inference/errors";
import type { WireTensors } from "@/lib/inference/oip/messages";
import { describeModel, OIP_VERSION } from "@/lib/oip-models";
import { admit } from "@/lib/server/admission";
import { findOipModel, inferModel } from "@/lib/server/oip";
import { whenReady } from "@/lib/server/readiness";
import packageJson from "@/package.json";

const PATIENCE_MS = 500;

const SERVER = { name: "inkling", version: packageJson.version, extensions: ["binary_tensor_data"] };

interface Place {
  readonly model: string;
  readonly version?: string | undefined;
}

const ready: Handler = async () => {
  await whenReady(PATIENCE_MS);
  return Response.json({ ready: true }, { headers: { "cache-control": "no-store" } });
};

const modelReady: Handler<Place> = async (_, { model, version }) => {
  const { name } = await findOipModel(model, version);
  await whenReady(PATIENCE_MS);
  return Response.json({ name, ready: true }, { headers: { "cache-control": "no-store" } });
};

const metadata: Handler<Place> = async (_, { model, version }) =>
  Response.json(describeModel(await findOipModel(model, version)));

const infer: Handler<Place> = async (request, { model: name, version }) => {
  const model = await findOipModel(name, version);
  return await withInferRequest(request, async (asked) => {
    const wanted = asked.outputs ?? model.outputs.map((output) => output.name);
    const unknown = wanted.find((each) => !model.outputs.some((output) => output.name === each));
    if (unknown !== undefined) {
      const known = model.outputs.map((output) => output.name).join(", ");
      throw new InklingError("invalid_field", `The model ${name} has no output of that name.`, `It gives: ${known}.`);
    }
    // What fails, for one photo of several, fails for all: the others are not worked on any further.
    const failed = new AbortController();
    const signal = AbortSignal.any([request.signal, failed.signal]);
    // Each photo of a batch listens.
    setMaxListeners(Number.POSITIVE_INFINITY, signal);
    try {
      const outputs = await inferModel(model, asked.inputs, (weight, use) => admit(request, weight, use, signal));
      const chosen = Object.fromEntries(wanted.map((each) => [each, outputs[each]])) as WireTensors;
      return inferResponse({ name, version: OIP_VERSION }, asked, chosen);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
};

const nothing: Handler = () => {
  throw new InklingError(
    "not_found",
    "There is nothing at this address.",
    "GET /v2 and /v2/models/{model} tell what there is.",
  );
};

function route<Context>(path: string, handlers: Parameters<typeof createRoute<Context>>[1], options?: RouteOptions) {
  return createRoute<Context>(path, handlers, { ...options, tellFailure: oipErrorResponse });
}

const live = route("/v2/health/live", { GET: () => Response.json({ live: true }) });
const MODEL = "^models/(?<model>[^/]+)(?:/versions/(?<version>[^/]+))?";

/** By the rest of the path behind `/v2/`. */
const ROUTES = [
  [/^$/, route("/v2", { GET: () => Response.json(SERVER) })],
  [/^health\/live$/, live],
  [/^health\/ready$/, route("/v2/health/ready", { GET: ready })],
  [new RegExp(`${MODEL}$`), route("/v2/models/{model}", { GET: metadata })],
  [new RegExp(`${MODEL}/ready$`), route("/v2/models/{model}/ready", { GET: modelReady })],
  [new RegExp(`${MODEL}/infer$`), route("/v2/models/{model}/infer", { POST: infer }, { limited: true })],
  [/.*/, route("/v2/*", { DELETE: nothing, GET: nothing, PATCH: nothing, POST: nothing, PUT: nothing })],
] as const;

type Method = keyof typeof live;

function answerWith(method: Method) {
  return async (request: Request, context: { params: Promise<{ path?: string[] }> }): Promise<Response> => {
    const path = ((await context.params).path ?? []).join("/");
    for (const [pattern, handlers] of ROUTES) {
      const match = pattern.exec(path);
      if (match) return await handlers[method](request, { ...match.groups } as unknown as Place);
    }
    throw new Error("The last pattern matches every path.");
  };
}

export const DELETE = answerWith("DELETE");
export const GET = answerWith("GET");
export const OPTIONS = answerWith("OPTIONS");
export const PATCH = answerWith("PATCH");
export const POST = answerWith("POST");
export const PUT = answerWith("PUT");
