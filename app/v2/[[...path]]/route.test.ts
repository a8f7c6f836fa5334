import { beforeAll, describe, expect, it } from "vitest";
import { PEER_HEADER } from "@/lib/http/client";
import type { Tensor } from "@/lib/inference/engine";
import type { WireTensor, WireTensors } from "@/lib/inference/oip/messages";
import { listOipModels, type OipModel } from "@/lib/oip-models";
import { form, jpeg } from "@/lib/server/fixtures/requests";
import { startTinyServer, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { callOip, inferOip, readOip, zeroInputs } from "../fixtures/calls";

let server: TinyServer;
let route: typeof import("./route");
let captioning: typeof import("../../api/captioning/route");

async function start(environment: Readonly<Record<string, string>> = {}) {
  server = await startTinyServer(environment);
  [route, captioning] = await Promise.all([import("./route"), import("../../api/captioning/route")]);
}

const get = (path: string) => callOip(route, "GET", path);
const json = async (path: string) => (await get(path)).json();

async function models() {
  const { getManifest } = await import("@/lib/server/manifest");
  return listOipModels(await getManifest());
}

/** The encoder's input for a picture, made as the app makes it. */
async function pixelsOf(image: Uint8Array<ArrayBuffer>): Promise<Tensor> {
  const { decodePixels } = await import("@/lib/vision/pixels.node");
  const { data } = await decodePixels(image);
  return { type: "float32", data, dims: [1, 3, 224, 224] };
}

describe("/v2", () => {
  beforeAll(async () => {
    await start();
    return () => server.stop();
  });

  it("tells its health and what it is", async () => {
    expect((await get("health/live")).status).toBe(200);
    await expect.poll(async () => (await get("health/ready")).status, { timeout: 15_000 }).toBe(200);
    const about = await json("");
    expect(about).toMatchObject({ name: "inkling", extensions: ["binary_tensor_data"] });
    expect(about.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it("names the models of which a call carries a whole thing, and none that writes a token", async () => {
    const names = (await models()).map(({ name }) => name);
    expect(names).toEqual([
      "vision-encoder",
      "captioning",
      "vqa-prepare",
      "vqa-answer",
      "handwriting-synthesizer",
      "handwriting-reader",
      "stories-answer",
      "language-writer",
    ]);
    expect(await json("models/vision-encoder")).toMatchObject({
      name: "vision-encoder",
      versions: ["1"],
      platform: "onnxruntime_onnx",
      inputs: [{ name: "pixels", datatype: "FP32", shape: [-1, 3, 224, 224] }],
    });
    for (const name of names) {
      expect((await get(`models/${name}/ready`)).status).toBe(200);
      expect(await json(`models/${name}/versions/1`)).toMatchObject({ name });
    }
    expect((await get("models/captioning-step")).status).toBe(404);
  });

  it("runs every graph, with the same numbers as JSON and as bytes", async () => {
    for (const model of (await models()).filter(({ file }) => file)) {
      const inputs = zeroInputs(model);
      const [asBytes, asJson] = await Promise.all([
        inferOip(route, model.name, inputs),
        inferOip(route, model.name, inputs, false),
      ]);
      expect(asBytes.headers.get("content-type")).toBe("application/octet-stream");
      expect(asJson.headers.get("content-type")).toBe("application/json");
      const { header, tensors } = await readOip(asBytes);
      expect(header).toEqual({ model_name: model.name, model_version: "1", id: "7" });
      expect(Object.keys(tensors)).toEqual(model.outputs.map(({ name }) => name));
      expect((await readOip(asJson)).tensors).toEqual(tensors);
    }
  });

  it("captions what it encoded as the app's own route does", async () => {
    const image = await jpeg(300, 200, 5);
    const encoded = await readOip(await inferOip(route, "vision-encoder", { pixels: await pixelsOf(image) }));
    const regions = encoded.tensors.regions as Tensor;
    const data = new Float32Array(2 * regions.data.length);
    for (const photo of [0, 1]) data.set(regions.data as Float32Array, photo * regions.data.length);
    const both = { ...regions, data, dims: [2, ...regions.dims.slice(1)] };
    const inputs: WireTensors = {
      regions: both,
      beamWidth: { type: "int32", data: Int32Array.of(4, 1), dims: [2, 1] },
      count: { type: "int32", data: Int32Array.of(3, 1), dims: [2, 1] },
      rerank: { type: "bool", data: Uint8Array.of(0, 0), dims: [2, 1] },
    };
    const { tensors } = await readOip(await inferOip(route, "captioning", inputs));
    expect(tensors.text?.dims).toEqual([2, 3]);
    const body = form([
      ["image", image],
      ["beamWidth", "4"],
      ["count", "3"],
      ["rerank", "false"],
    ]);
    const answer = await captioning.POST(new Request("http://localhost/api/captioning", { method: "POST", body }), {});
    const { captions } = await answer.json();
    expect((tensors.text as Extract<WireTensor, { type: "string" }>).data.slice(0, captions.length)).toEqual(
      captions.map(({ text }: { text: string }) => text),
    );
    expect(Array.from(tensors.score?.data as Float64Array).slice(0, captions.length)).toEqual(
      captions.map(({ score }: { score: number }) => score),
    );
  });

  it("gives the outputs that are asked for", async () => {
    const inputs = [{ name: "pixels", shape: [1, 3, 224, 224], datatype: "FP32", data: Array(3 * 224 * 224).fill(0) }];
    const ask = (outputs: unknown) =>
      callOip(route, "POST", "models/vision-encoder/infer", { body: JSON.stringify({ inputs, outputs }) });
    const chosen = await ask([{ name: "regions", parameters: { binary_data: true } }]);
    expect(chosen.headers.get("content-type")).toBe("application/octet-stream");
    expect((await ask([{ name: "region" }])).status).toBe(400);
  });

  it("answers what is wrong in the protocol's own form", async () => {
    const [encoder, , , answer] = await models();
    const fine = zeroInputs(encoder as never);
    const pixels = fine.pixels as Tensor;
    const post = (path: string, body: BodyInit, headers?: HeadersInit) =>
      callOip(route, "POST", path, { body, headers });
    const infer = (inputs: WireTensors, model = "vision-encoder") => inferOip(route, model, inputs);
    const question = zeroInputs(answer as never);
    const cases: [() => Promise<Response>, number, RegExp][] = [
      [() => get("models/nothing"), 404, /no such model/],
      [() => get("models/constructor"), 404, /no such model/],
      [() => get("models/vision-encoder/versions/2"), 404, /no such version/],
      [() => get("nothing"), 404, /nothing at this address/],
      [() => get("models/vision-encoder/infer"), 405, /does not answer GET/],
      [() => callOip(route, "DELETE", "models/vision-encoder"), 405, /does not answer DELETE/],
      [() => post("models/vision-encoder/infer", "{"), 400, /not JSON/],
      [() => post("models/vision-encoder/infer", "{}", { "inference-header-content-length": "x" }), 400, /no length/],
      [() => post("models/vision-encoder/infer", "{}", { "content-encoding": "gzip" }), 415, /compressed/],
      [() => post("models/vision-encoder/infer", "{}", { "content-length": "99999999" }), 413, /more than 40 MiB/],
      [() => post("models/vision-encoder/infer", JSON.stringify({ inputs: [], id: 7 })), 400, /The field id/],
      [() => infer({}), 400, /pixels is absent/],
      [() => infer({ ...fine, x: pixels }), 400, /no input of that name/],
      [() => infer({ pixels: { ...pixels, dims: [1, 224, 224, 3] } }), 400, /has the shape/],
      [
        () => infer({ pixels: { ...pixels, dims: [0, 3, 224, 224], data: new Float32Array(0) } }),
        400,
        /most for batch is 64/,
      ],
      [
        () => infer({ pixels: { ...pixels, type: "int32", data: new Int32Array(pixels.data.length) } }),
        400,
        /is INT32/,
      ],
      [
        () => infer({ pixels: { ...pixels, data: new Float32Array(pixels.data.length).fill(Number.NaN) } }),
        400,
        /no number/,
      ],
      [
        () => infer({ ...question, photo: { type: "int32", data: Int32Array.of(99), dims: [1] } }, "vqa-answer"),
        400,
        /cannot be run/,
      ],
      [
        () => infer({ ...question, photo: { type: "int32", data: Int32Array.of(0, 0), dims: [2] } }, "vqa-answer"),
        400,
        /batch is 1/,
      ],
    ];
    for (const [answered, status, detail] of cases) {
      const response = await answered();
      const body = await response.json();
      expect(body.error, detail.source).toMatch(detail);
      expect([response.status, Object.keys(body)]).toEqual([status, ["error"]]);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(response.headers.get("x-request-id")).toBeTruthy();
    }
  });

  it("refuses widths and counts that captioning does not have, and a mirror image that is absent", async () => {
    const model = (await models()).find(({ name }) => name === "captioning");
    const column = (value: number) => ({ type: "int32", data: Int32Array.of(value), dims: [1, 1] }) as const;
    const { regions } = zeroInputs(model as never) as { regions: Tensor };
    const ask = (beamWidth: number, count: number, rerank: number) => {
      const flag = { type: "bool", data: Uint8Array.of(rerank), dims: [1, 1] } as const;
      return inferOip(route, "captioning", {
        regions,
        beamWidth: column(beamWidth),
        count: column(count),
        rerank: flag,
      });
    };
    for (const [beamWidth, count, rerank] of [
      [0, 1, 0],
      [11, 1, 0],
      [2, 3, 0],
      [4, 1, 1],
    ] as const) {
      const response = await ask(beamWidth, count, rerank);
      expect([response.status, Object.keys(await response.json())]).toEqual([400, ["error"]]);
    }
    expect((await ask(1, 1, 1)).status).toBe(200);
  });
});

describe("/v2 under load", () => {
  async function startReady(environment: Readonly<Record<string, string>>) {
    await start(environment);
    await expect.poll(async () => (await get("health/ready")).status, { timeout: 15_000 }).toBe(200);
    return (await models())[0] as OipModel;
  }

  it("says when too many wait, and works on none of a batch whose photos are not all let in", async () => {
    const encoder = await startReady({ INFERENCE_MAX_QUEUE: "1", INFERENCE_MAX_BATCH: "1" });
    const { getAdmission } = await import("@/lib/server/admission");
    try {
      const leave = await getAdmission().enter(1, "unknown");
      const leaveToo = await getAdmission().enter(1, "unknown");
      const refused = await inferOip(route, "vision-encoder", zeroInputs(encoder, 3));
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await refused.json()).toEqual({ error: expect.stringContaining("waiting already") });
      expect(getAdmission().waiting).toBe(0);
      leave();
      leaveToo();
      expect((await inferOip(route, "vision-encoder", zeroInputs(encoder))).status).toBe(200);
    } finally {
      await server.stop();
    }
  });

  it("answers one client while the photos of another's batch wait", async () => {
    const encoder = await startReady({ INFERENCE_MAX_SLOWDOWN: "3" });
    const { getAdmission } = await import("@/lib/server/admission");
    const ask = (peer: string, photos: number) =>
      inferOip(route, "vision-encoder", zeroInputs(encoder, photos), true, { [PEER_HEADER]: peer });
    try {
      const leaves = await Promise.all([1, 1, 1].map((weight) => getAdmission().enter(weight, "10.0.0.1")));
      const batch = ask("10.0.0.1", 20);
      await expect.poll(() => getAdmission().waiting).toBeGreaterThan(10);
      const { waiting } = getAdmission();
      expect((await ask("10.0.0.2", 1)).status).toBe(200);
      expect(getAdmission().waiting).toBe(waiting);
      for (const leave of leaves) leave();
      expect((await batch).status).toBe(200);
      expect(getAdmission().waiting).toBe(0);
    } finally {
      await server.stop();
    }
  });
});
