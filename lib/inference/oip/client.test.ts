import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { inferences, type ModelServer, startModelServer } from "../fixtures/model-server";
import { OipClient, type OipClientOptions } from "./client";

const X = { type: "float32", data: Float32Array.of(1, 2.5), dims: [1, 2] } as const;
const PAIR = [{ datatype: "FP32", shape: [-1, 2] }];
const DOUBLE = {
  models: [
    { name: "double", inputs: PAIR.map((x) => ({ name: "x", ...x })), outputs: PAIR.map((y) => ({ name: "y", ...y })) },
  ],
  run: () => ({ y: { ...X, data: Float32Array.of(2, 5) } }),
};

const PAUSE_MS = 200;

let server: ModelServer;
let clients: OipClient[] = [];

beforeAll(async () => {
  server = await startModelServer(DOUBLE);
});

afterEach(async () => {
  server.conduct = "well";
  server.calls.length = 0;
  await Promise.all(clients.map((client) => client.dispose()));
  clients = [];
});

afterAll(() => server.leave());

function connect(options: Partial<OipClientOptions> = {}): OipClient {
  const client = new OipClient({ urls: [server.url], connections: 2, timeoutMs: 5_000, pauseMs: PAUSE_MS, ...options });
  clients.push(client);
  return client;
}

const double = (client: OipClient, signal?: AbortSignal) => client.infer("double", { x: X }, undefined, signal);

describe("OipClient", () => {
  it("gets the same numbers as bytes and as JSON, by what the server says that it reads", async () => {
    const plain = await startModelServer({ ...DOUBLE, binary: false });
    try {
      const [asBytes, asJson] = await Promise.all([double(connect()), double(connect({ urls: [plain.url] }))]);
      expect(asBytes.y).toEqual({ type: "float32", data: Float32Array.of(2, 5), dims: [1, 2] });
      expect(asJson).toEqual(asBytes);
    } finally {
      await plain.leave();
    }
  });

  it("keeps its connection from call to call, and calls several servers in turn", async () => {
    const client = connect({ connections: 1 });
    const before = server.connections;
    for (let call = 0; call < 5; call++) await double(client);
    expect(server.connections - before).toBe(1);

    const other = await startModelServer(DOUBLE);
    try {
      const both = connect({ urls: [server.url, other.url] });
      for (let call = 0; call < 6; call++) await double(both);
      expect(inferences(other).length).toBeGreaterThan(1);
    } finally {
      await other.leave();
    }
  });

  it.each([
    ["hang", "deadline_exceeded", /took longer than 0.3 s/],
    ["garbage", "model_unavailable", /something else than the protocol has/],
    ["cut off", "model_unavailable", /cannot be reached/],
    [500, "model_unavailable", /status 500/],
    [400, "model_unavailable", /status 400/],
    [503, "overloaded", /is busy/],
  ] as const)("says what is wrong with a server that answers thus: %s", async (conduct, code, detail) => {
    const client = connect({ timeoutMs: 300 });
    await double(client);
    server.conduct = conduct;
    const thrown = await double(client).catch((error) => error);
    expect(thrown).toMatchObject({ code });
    expect(thrown.detail).toMatch(detail);
    expect(thrown.detail + thrown.suggestion).not.toContain("127.0.0.1");
    server.conduct = "well";
    await double(client);
  });

  it("makes a call again that was not worked on, and no other", async () => {
    const client = connect({ timeoutMs: 300 });
    await double(client);
    await server.leave();
    const waiting = double(client);
    await server.comeBack();
    expect(Object.keys(await waiting)).toEqual(["y"]);

    for (const conduct of ["hang", 500, 503, "garbage"] as const) {
      server.conduct = conduct;
      server.calls.length = 0;
      await double(client).catch(() => {});
      expect(server.calls).toHaveLength(1);
    }
  });

  it("leaves a server alone that has failed five times in a row, tries it once after a pause, and goes on", async () => {
    const client = connect();
    await double(client);
    server.conduct = 500;
    for (let call = 0; call < 5; call++) await double(client).catch(() => {});
    server.calls.length = 0;
    await expect(double(client)).rejects.toMatchObject({ code: "model_unavailable", detail: /several times in a row/ });
    expect(server.calls).toEqual([]);
    server.conduct = "well";
    await expect.poll(() => double(client).then(Object.keys, () => []), { interval: 50 }).toEqual(["y"]);
  });

  it.each([
    ["back", -1],
    ["on", 1],
  ])("pauses as long although the machine's date is set %s by a day meanwhile", async (_, days) => {
    const client = connect();
    await double(client);
    server.conduct = 500;
    const startedAt = performance.now();
    for (let call = 0; call < 5; call++) await double(client).catch(() => {});
    const clock = Date.now;
    const date = vi.spyOn(Date, "now").mockImplementation(() => clock() + days * 86_400_000);
    try {
      server.conduct = "well";
      await expect(double(client)).rejects.toMatchObject({ detail: /several times in a row/ });
      await expect.poll(() => double(client).then(Object.keys, () => []), { interval: 20 }).toEqual(["y"]);
      expect(performance.now() - startedAt).toBeGreaterThan(PAUSE_MS);
    } finally {
      date.mockRestore();
    }
  });

  it("pauses again after a try that fails", async () => {
    const client = connect();
    await double(client);
    server.conduct = 500;
    for (let call = 0; call < 5; call++) await double(client).catch(() => {});
    server.calls.length = 0;
    await expect
      .poll(() => double(client).then(Object.keys, ({ detail }) => detail), { interval: 20 })
      .toMatch(/status 500/);
    expect(server.calls).toHaveLength(1);
    server.conduct = "well";
    await expect(double(client)).rejects.toMatchObject({ detail: /several times in a row/ });
    await expect.poll(() => double(client).then(Object.keys, () => []), { interval: 20 }).toEqual(["y"]);
  });

  it("does not take a busy server for a broken one", async () => {
    const client = connect();
    await double(client);
    server.conduct = 503;
    for (let call = 0; call < 8; call++) await expect(double(client)).rejects.toMatchObject({ code: "overloaded" });
    server.conduct = "well";
    await double(client);
  });

  it("stops with the caller, which is nobody's fault", async () => {
    const client = connect();
    await double(client);
    server.conduct = "hang";
    for (let call = 0; call < 6; call++) {
      const controller = new AbortController();
      const reason = new Error("gone");
      const answer = double(client, controller.signal);
      setTimeout(() => controller.abort(reason), 10);
      await expect(answer).rejects.toBe(reason);
    }
    server.conduct = "well";
    await double(client);
  });
});
