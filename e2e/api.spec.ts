import { connect } from "node:net";
import { expect, test } from "@playwright/test";
import sharp from "sharp";
import { pngBomb } from "../lib/vision/fixtures/png-bomb";

/** A photo-like picture, another one for each seed. */
async function picture(seed: number, width = 480, height = 360): Promise<Buffer> {
  const background = { r: (seed * 53) % 256, g: (seed * 101) % 256, b: (seed * 197) % 256 };
  return await sharp({
    create: { width, height, channels: 3, background, noise: { type: "gaussian", mean: 128, sigma: 30 } },
  })
    .jpeg()
    .toBuffer();
}

function part(buffer: Buffer, name = "photo.jpg", mimeType = "image/jpeg") {
  return { image: { name, mimeType, buffer } };
}

/** The process's memory and open handles, as it tells them itself. */
async function readMetric(request: import("@playwright/test").APIRequestContext, name: string): Promise<number> {
  const text = await (await request.get("/api/metrics")).text();
  return Number(text.match(new RegExp(`^${name} (\\S+)$`, "m"))?.[1]);
}

test("captions a photo, as a form and raw, with its regions kept for the second time", async ({ request }) => {
  const buffer = await picture(1);
  const first = await request.post("/api/captioning", { multipart: { ...part(buffer), attention: "true" } });
  expect(first.status()).toBe(200);
  const answer = await first.json();
  expect(answer.captions).toHaveLength(3);
  expect(answer.captions[0].tokens[0].attention).toHaveLength(49);
  expect(answer.image).toMatchObject({ width: 480, height: 360 });
  expect(answer.provider).toMatch(/^(cpu|cuda|webgpu|remote)$/);
  expect(answer.timings.encode).toBeGreaterThan(0);

  const second = await request.post("/api/captioning?beamWidth=4", {
    data: buffer,
    headers: { "content-type": "image/jpeg" },
  });
  const again = await second.json();
  expect(again.timings).toMatchObject({ decode: 0, encode: 0 });
  expect(again.captions.map(({ text }: { text: string }) => text)).toEqual(
    answer.captions.map(({ text }: { text: string }) => text),
  );
});

test("answers what is wrong through the real server", async ({ request }) => {
  const buffer = await picture(2);
  const cases = [
    [{ multipart: part(buffer.subarray(0, 2000)) }, 422, "invalid_image"],
    [{ multipart: part(Buffer.from("text"), "text.jpg") }, 422, "invalid_image"],
    [{ multipart: part(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>")) }, 422, "invalid_image"],
    [{ multipart: part(Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1")) }, 422, "invalid_image"],
    [{ multipart: part(Buffer.alloc(0)) }, 422, "invalid_image"],
    [{ multipart: part(await picture(3, 1, 1)) }, 422, "invalid_image"],
    [{ multipart: part(pngBomb(20_000)) }, 413, "image_too_large"],
    [{ multipart: { photo: part(buffer).image } }, 400, "missing_field"],
    [{ multipart: { ...part(buffer), size: "9" } }, 400, "invalid_field"],
    [{ multipart: { ...part(buffer), beamWidth: "11" } }, 400, "invalid_field"],
    [{ multipart: { ...part(buffer), beamWidth: "2", count: "3" } }, 400, "invalid_field"],
    [{ data: { image: "x" } }, 415, "unsupported_media_type"],
    [{ data: "--x", headers: { "content-type": "multipart/form-data; boundary=x" } }, 400, "invalid_body"],
  ] as const;
  for (const [options, status, code] of cases) {
    const response = await request.post("/api/captioning", options);
    expect(await response.json()).toMatchObject({ status, code });
    expect(response.status()).toBe(status);
    expect(response.headers()["content-type"]).toBe("application/problem+json");
    expect(response.headers()["x-request-id"]).toBeTruthy();
  }
});

test("answers questions about a photo, and then by its hash alone", async ({ request }) => {
  const buffer = await picture(8);
  const ask = (multipart: Record<string, string | ReturnType<typeof part>["image"]>) =>
    request.post("/api/vqa", { multipart });
  const first = await ask({ ...part(buffer), question: "What color is the dog?", attention: "true" });
  expect(first.status()).toBe(200);
  const answer = await first.json();
  expect(answer.answers).toHaveLength(5);
  expect(answer.withoutImage).toHaveLength(5);
  expect(answer.attention).toHaveLength(49);
  expect(answer.questionWords.map(({ text, known }: { text: string; known: boolean }) => [text, known])).toEqual(
    ["what", "color", "is", "the", "dog"].map((text) => [text, true]),
  );
  expect(answer.timings.encode).toBeGreaterThan(0);

  const imageSha256 = answer.image.sha256;
  const second = await (await ask({ imageSha256, question: "What colour is the dog", attention: "true" })).json();
  expect(second.timings).toMatchObject({ decode: 0, encode: 0 });
  expect(second.answers).toEqual(answer.answers);
  const unknown = await (await ask({ imageSha256, question: "Кто это <b>qwv</b>?", count: "20" })).json();
  expect(unknown.answers).toHaveLength(20);
  expect(unknown.questionWords.map(({ known }: { known: boolean }) => known).slice(0, 2)).toEqual([false, false]);

  const { answers, words } = await (await request.get("/api/vqa/vocabulary")).json();
  expect(answers).toContain(answer.answers[0].text);
  expect(words).toBeGreaterThan(1000);
});

test("answers what is wrong with a question through the real server", async ({ request }) => {
  const buffer = await picture(6);
  const question = "How many dogs are there?";
  const unknown = "0".repeat(64);
  const cases = [
    [{ ...part(buffer) }, 400, "missing_field"],
    [{ question }, 400, "missing_field"],
    [{ ...part(buffer), question: "" }, 400, "invalid_field"],
    [{ ...part(buffer), question: "🐶 ?!" }, 400, "invalid_field"],
    [{ ...part(buffer), question: "dog ".repeat(51) }, 400, "invalid_field"],
    [{ ...part(buffer), question: "dog ".repeat(2500) }, 400, "invalid_field"],
    [{ ...part(buffer), question, count: "0" }, 400, "invalid_field"],
    [{ ...part(buffer), question, count: "21" }, 400, "invalid_field"],
    [{ ...part(buffer), question, count: "x" }, 400, "invalid_field"],
    [{ ...part(buffer), question, beamWidth: "4" }, 400, "invalid_field"],
    [{ ...part(buffer), question, imageSha256: unknown }, 400, "invalid_field"],
    [{ question, imageSha256: "../../etc/passwd" }, 400, "invalid_field"],
    [{ question, imageSha256: unknown }, 404, "image_not_cached"],
    [{ ...part(Buffer.from("text"), "text.jpg"), question }, 422, "invalid_image"],
    [{ ...part(buffer.subarray(0, 2000)), question }, 422, "invalid_image"],
    [{ ...part(await picture(7, 1, 1)), question }, 422, "invalid_image"],
    [{ ...part(pngBomb(20_000)), question }, 413, "image_too_large"],
  ] as const;
  for (const [multipart, status, code] of cases) {
    const response = await request.post("/api/vqa", { multipart });
    expect(await response.json()).toMatchObject({ status, code });
    expect(response.status()).toBe(status);
    expect(response.headers()["content-type"]).toBe("application/problem+json");
  }
});

test("answers every method and every address under /api with a problem and a request id", async ({ request }) => {
  for (const [method, path, status, code] of [
    ["GET", "/api/captioning", 405, "method_not_allowed"],
    ["DELETE", "/api/captioning", 405, "method_not_allowed"],
    ["POST", "/api/health/live", 405, "method_not_allowed"],
    ["GET", "/api/nothing", 404, "not_found"],
    ["POST", "/api/captioning/more", 404, "not_found"],
    ["GET", "/api/vqa", 405, "method_not_allowed"],
    ["POST", "/api/vqa/vocabulary", 405, "method_not_allowed"],
    ["GET", "/api", 404, "not_found"],
    ["GET", "/api/models/files/package.json", 404, "unknown_model"],
  ] as const) {
    const response = await request.fetch(path, { method });
    expect(response.status(), `${method} ${path}`).toBe(status);
    expect(await response.json()).toMatchObject({ code });
    expect(response.headers()["x-request-id"]).toBeTruthy();
    if (status === 405) expect(response.headers().allow).toBeTruthy();
  }
});

test("tells its health, models, metrics and description", async ({ request }) => {
  expect((await request.get("/api/health/live")).status()).toBe(200);
  await expect.poll(async () => (await request.get("/api/health/ready")).status()).toBe(200);
  const { models } = await (await request.get("/api/models")).json();
  expect(models.captioning).toMatchObject({ loaded: true });
  expect(models.vqa).toMatchObject({ loaded: true });
  expect(await (await request.get("/api/metrics")).text()).toContain("inkling_http_requests_total");
  expect((await (await request.get("/api/openapi.json")).json()).openapi).toBe("3.1.1");
});

test("tells a client that sends too much why, whether it says so first or not", async ({ baseURL, request }) => {
  const large = Buffer.alloc(13 * 2 ** 20, 1);
  (await picture(4)).copy(large);
  for (const options of [{ multipart: part(large) }, { data: large, headers: { "content-type": "image/jpeg" } }]) {
    const response = await request.post("/api/captioning", options);
    expect(await response.json()).toMatchObject({ status: 413, code: "image_too_large" });
  }
  let sent = 0;
  // Chunked: its size is known only when it has come.
  const chunked = await fetch(`${baseURL}/api/captioning`, {
    method: "POST",
    headers: { "content-type": "image/jpeg" },
    body: new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(2 ** 20));
        sent += 1;
        if (sent === 40) controller.close();
      },
    }),
    duplex: "half",
  } as RequestInit);
  expect(await chunked.json()).toMatchObject({ status: 413, code: "image_too_large" });
});

/** Opens a connection, sends the beginning of an upload, and hangs up. */
function hangUp(baseURL: string, head: string, body: Buffer, afterMs: number): Promise<void> {
  const { hostname, port } = new URL(baseURL);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(head);
      socket.write(body);
      setTimeout(() => socket.destroy(), afterMs);
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve());
  });
}

test("lets go of clients that hang up, while they send and while they wait", async ({ baseURL, request }) => {
  const buffer = await picture(5);
  const others = await Promise.all(Array.from({ length: 20 }, (_, index) => picture(100 + index)));
  for (const path of ["/api/captioning", "/api/vqa?question=How%20many%20dogs%20are%20there?"]) {
    const head = (length: number) =>
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: image/jpeg\r\ncontent-length: ${length}\r\n\r\n`;
    await Promise.all([
      // In the middle of the upload.
      ...others.map((other, index) => hangUp(baseURL as string, head(other.length + 1000), other, 5 * index)),
      // While the answer is being made.
      ...others.map((other, index) => hangUp(baseURL as string, head(other.length), other, 5 * index)),
    ]);
  }
  const response = await request.post("/api/captioning", { multipart: part(buffer) });
  expect(response.status()).toBe(200);
  for (const model of ["vision", "captioning", "vqa"]) {
    await expect.poll(() => readMetric(request, `inkling_queue_length\\{model="${model}"\\}`)).toBe(0);
  }
  await expect.poll(() => readMetric(request, "inkling_workers_running")).toBe(0);
  expect(await readMetric(request, "inkling_worker_restarts_total")).toBe(0);
  expect(await (await request.get("/api/metrics")).text()).toContain('code="client_closed_request"');
});

test("answers 200 requests at once, stays up, and gives its memory back", async ({ request }) => {
  // Three waves of 200 photos, at some 70 ms each on two cores.
  test.setTimeout(180_000);
  const pictures = await Promise.all(Array.from({ length: 25 }, (_, seed) => picture(1000 + seed, 1200, 900)));
  const wave = async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        request.post("/api/captioning", {
          multipart: part(pictures[index % pictures.length] as Buffer),
          // A connection that is kept could be closed by the server just as it is used again.
          headers: { connection: "close" },
          timeout: 120_000,
        }),
      ),
    );
    for (const answer of answers) {
      const body = await answer.json();
      if (answer.status() === 200) expect(body.captions.length).toBeGreaterThan(0);
      else expect(body).toMatchObject({ status: 503, code: "overloaded" });
    }
    return answers.filter((answer) => answer.status() === 200).length;
  };
  // The first wave fills caches and pools, which stay; what later ones take has to come back.
  expect(await wave()).toBeGreaterThan(0);
  const settled = await readMetric(request, "process_resident_memory_bytes");
  for (let round = 0; round < 2; round++) await wave();
  await expect
    .poll(() => readMetric(request, "process_resident_memory_bytes"), { timeout: 30_000 })
    .toBeLessThan(settled + 150 * 2 ** 20);
  expect((await request.get("/api/health/ready")).status()).toBe(200);
  expect(await readMetric(request, "inkling_worker_restarts_total")).toBe(0);
});
