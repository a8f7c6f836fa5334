import { type FileHandle, open } from "node:fs/promises";
import { connect } from "node:net";
import { expect, test } from "@playwright/test";
import sharp from "sharp";
import { withOwnServer } from "./fixtures/own-server";

test.setTimeout(180_000);

const LONG_TEXT = Array.from({ length: 12 }, () => "words that take the pen a while").join("\n");

function write(url: string, fields: object, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}/api/handwriting`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/x-ndjson" },
    body: JSON.stringify(fields),
    ...init,
  });
}

/** Begins to write texts, to be read to their ends; resolves once one is under way. */
async function beginWriting(url: string, texts: number): Promise<{ outcomes: Promise<string[]> }> {
  const responses = Array.from({ length: texts }, (_, seed) => write(url, { text: LONG_TEXT, seed }));
  const read = Promise.allSettled(responses.map(async (response) => (await response).text()));
  expect((await Promise.race(responses)).status).toBe(200);
  return { outcomes: read.then((all) => all.map(({ status }) => status)) };
}

async function photo(seed: number): Promise<Blob> {
  const background = { r: (seed * 53) % 256, g: (seed * 101) % 256, b: (seed * 197) % 256 };
  const picture = sharp({ create: { width: 320, height: 240, channels: 3, background } });
  return new Blob([new Uint8Array(await picture.jpeg().toBuffer())], { type: "image/jpeg" });
}

function caption(url: string, body: Blob, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}/api/captioning?beamWidth=1&rerank=false`, { method: "POST", body, ...init });
}

/** The sum of what `/api/metrics` says under a name, over all labels that contain a text. */
async function metric(url: string, name: string, label = ""): Promise<number> {
  const text = await (await fetch(`${url}/api/metrics`)).text();
  const lines = text.split("\n").filter((line) => line.startsWith(name) && line.includes(label));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

test("SIGTERM lets what is under way end, takes nothing new, and the server ends with 0", async () => {
  await withOwnServer(async ({ url, process: server, ended }) => {
    const response = await write(url, { text: LONG_TEXT, seed: 1 });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    let text = decoder.decode((await reader.read()).value, { stream: true });
    const asked = performance.now();
    server.kill("SIGTERM");
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    const events = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(events[0].type).toBe("strokes");
    expect(events.at(-1).type).toBe("result");
    expect(await ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(29_000);
    await expect(fetch(url)).rejects.toThrow();
  });
});

test("SIGTERM cuts off what takes too long, and the server still ends with 0", async () => {
  await withOwnServer(
    async ({ port, process: server, ended }) => {
      const socket = connect(port, "127.0.0.1");
      const closed = new Promise((resolve) => socket.on("close", resolve));
      socket.on("error", () => {});
      // An upload that never ends.
      socket.write(
        "POST /api/captioning HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\ncontent-length: 1000\r\n\r\n12",
      );
      await new Promise((resolve) => socket.once("connect", resolve));
      server.kill("SIGTERM");
      await closed;
      expect(await ended).toBe(0);
    },
    { DRAIN_TIMEOUT_MS: "500" },
  );
});

test("SIGTERM ends the server with 0 also in the midst of the workers' runs", async () => {
  await withOwnServer(
    async ({ url, process: server, ended }) => {
      const { outcomes } = await beginWriting(url, 1);
      server.kill("SIGTERM");
      expect(await ended).toBe(0);
      expect(await outcomes).toEqual(["rejected"]);
    },
    { DRAIN_TIMEOUT_MS: "1" },
  );
});

test("SIGTERM ends a server whose models run elsewhere with 0, in the midst of a run of its own workers", async () => {
  await withOwnServer(({ url: models }) =>
    withOwnServer(
      async ({ url, process: server, ended }) => {
        const text = "He had been walking along the river for hours. ".repeat(4);
        const asked = Array.from({ length: 8 }, (_, index) =>
          fetch(`${url}/api/translation`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ text: `${index} ${text}`, alternatives: 5 }),
          }),
        );
        const settled = Promise.allSettled(asked);
        await expect.poll(() => metric(url, "inkling_workers_running"), { intervals: [10] }).toBeGreaterThan(0);
        server.kill("SIGTERM");
        expect(await ended).toBe(0);
        expect((await settled).map(({ status }) => status)).toContain("rejected");
      },
      { INFERENCE_URL: models, DRAIN_TIMEOUT_MS: "1" },
    ),
  );
});

test("SIGTERM kills a server 4 s after its time where a worker does not come back from native code", async () => {
  await withOwnServer(
    async ({ process: server, ended }) => {
      const asked = performance.now();
      server.kill("SIGTERM");
      await ended;
      expect(performance.now() - asked).toBeLessThan(8000);
      expect(server.signalCode).toBe("SIGKILL");
    },
    { DRAIN_TIMEOUT_MS: "1", NODE_OPTIONS: "--import=./e2e/fixtures/hung-workers.mjs" },
  );
});

test("a second SIGTERM ends the server at once, in the midst of its work", async () => {
  await withOwnServer(
    async ({ url, process: server, ended }) => {
      let told = "";
      server.stderr?.on("data", (part) => {
        told += part;
      });
      const silent = new Promise((resolve) => server.stderr?.on("close", resolve));
      // Together they take far longer than what follows.
      const { outcomes } = await beginWriting(url, 8);
      server.kill("SIGTERM");
      await expect
        .poll(() =>
          fetch(url).then(
            () => "answers",
            () => "takes nothing new",
          ),
        )
        .toBe("takes nothing new");
      expect(server.exitCode).toBeNull();
      const asked = performance.now();
      server.kill("SIGTERM");
      await ended;
      expect(performance.now() - asked).toBeLessThan(1000);
      expect(server.signalCode).toBe("SIGKILL");
      await silent;
      expect(told).toBe("");
      expect(await outcomes).toContain("rejected");
    },
    {},
    ["ignore", "ignore", "pipe"],
  );
});

test("workers that die in the midst of a caption and of a writing change nothing in either", async () => {
  async function answers(url: string) {
    const captioned = await fetch(`${url}/api/captioning`, { method: "POST", body: await photo(1) });
    expect(captioned.status).toBe(200);
    const { captions } = await captioned.json();
    const written = (await (await write(url, { text: LONG_TEXT, seed: 1 })).text()).trim().split("\n");
    const { timings, ...result } = JSON.parse(written.pop() as string);
    expect(result.type).toBe("result");
    return { captions, written, result };
  }
  let undisturbed: unknown;
  await withOwnServer(async ({ url }) => {
    undisturbed = await answers(url);
  });
  await withOwnServer(
    async ({ url, process: server }) => {
      let log = "";
      server.stdout?.on("data", (part) => {
        log += part;
      });
      expect(await answers(url)).toEqual(undisturbed);
      expect(await metric(url, "inkling_worker_restarts_total")).toBe(2);
      // The caption was being written: its search takes longer than 20 ms.
      expect(log.split("\n").find((line) => line.includes("A worker died"))).toContain('"runs":1,');
    },
    {
      NODE_OPTIONS: "--import=./lib/server/fixtures/worker-deaths.mjs",
      WORKER_DEATHS: JSON.stringify([{ "captioning.generate": [1], "handwriting.chunk": [3] }, 20]),
      LOG_LEVEL: "error",
    },
    ["ignore", "pipe", "ignore"],
  );
});

test("a full disk and a closed pipe behind the log take the log, not the server", async () => {
  const full: FileHandle = await open("/dev/full", "w");
  try {
    await withOwnServer(
      async ({ url, process: server }) => {
        // Standard output is the full disk, standard error a pipe that nobody reads any longer.
        server.stderr?.destroy();
        for (let seed = 0; seed < 20; seed += 1) {
          expect((await caption(url, await photo(seed))).status).toBe(200);
          expect((await fetch(`${url}/api/nothing`)).status).toBe(404);
        }
        // Next writes to standard error what it does not expect.
        expect((await fetch(`${url}/%ff`)).status).toBeLessThan(500);
        expect(await metric(url, "inkling_log_lines_dropped_total")).toBeGreaterThanOrEqual(40);
        expect(server.exitCode).toBeNull();
      },
      { LOG_LEVEL: "trace" },
      ["ignore", full.fd, "pipe"],
    );
  } finally {
    await full.close();
  }
});

test("slow senders of headers and bodies are cut off, and nobody waits for them", async () => {
  await withOwnServer(
    async ({ url, port }) => {
      const sockets = Array.from({ length: 60 }, (_, index) => {
        const socket = connect(port, "127.0.0.1");
        let received = "";
        socket.on("data", (chunk) => {
          received += chunk;
        });
        socket.on("error", () => {});
        const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(received)));
        const head = "POST /api/captioning HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\n";
        // Half of them never end their headers, the others send a byte of their body now and then.
        socket.write(index % 2 === 0 ? head : `${head}content-length: 12000000\r\n\r\n`);
        const dribble = setInterval(() => socket.write(index % 2 === 0 ? "x-a: b\r\n" : "x"), 100);
        void closed.then(() => clearInterval(dribble));
        return closed;
      });
      const others = Array.from({ length: 5 }, async (_, seed) => (await caption(url, await photo(seed))).status);
      expect(await Promise.all(others)).toEqual([200, 200, 200, 200, 200]);
      // Those beyond the bytes that the server holds are told so before.
      for (const received of await Promise.all(sockets)) expect(received).toMatch(/^(HTTP\/1\.1 (408|503) |$)/);
      // What they had reserved is free again: as many uploads as there is room for.
      expect((await caption(url, await photo(9))).status).toBe(200);
    },
    { HEADERS_TIMEOUT_MS: "1000", UPLOAD_TIMEOUT_MS: "3000" },
  );
});

test("a thousand clients that hang up leave nothing behind", async () => {
  await withOwnServer(async ({ url }) => {
    const photos = await Promise.all(Array.from({ length: 8 }, (_, seed) => photo(seed)));
    const requests = Array.from({ length: 1000 }, async (_, index) => {
      const init = { signal: AbortSignal.timeout(1 + ((index * 37) % 400)) };
      const response = await (index % 2 === 0
        ? caption(url, photos[index % photos.length] as Blob, init)
        : write(url, { text: LONG_TEXT, seed: index }, init));
      await response.text();
      return response.status;
    });
    const outcomes = await Promise.allSettled(requests);
    expect(outcomes.filter(({ status }) => status === "rejected").length).toBeGreaterThan(600);
    // The work is over with the last client: the pen stands still.
    await expect.poll(() => metric(url, "inkling_workers_running"), { timeout: 30_000 }).toBe(0);
    expect(await metric(url, "inkling_queue_length")).toBe(0);
    const points = await metric(url, "inkling_handwriting_points_total");
    expect((await caption(url, await photo(99))).status).toBe(200);
    expect(await metric(url, "inkling_handwriting_points_total")).toBe(points);
    expect(await metric(url, "inkling_http_requests_total", 'status="500"')).toBe(0);
    expect(await metric(url, "inkling_worker_restarts_total")).toBe(0);
  });
});
