import { createHash } from "node:crypto";
import fc from "fast-check";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectProblem, form, jpeg } from "@/lib/server/fixtures/requests";
import { startTinyServer, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { pngBomb } from "@/lib/vision/fixtures/png-bomb";
import { MAX_IMAGE_BYTES } from "@/lib/vision/pixels";
import { captioningResponseSchema } from "./schema";

let server: TinyServer;
let route: typeof import("./route");
let photo: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  // Room for several captions at once, so that batches form.
  server = await startTinyServer({ INFERENCE_MAX_SLOWDOWN: "8" });
  route = await import("./route");
  photo = await jpeg(320, 240);
});

afterAll(() => server.stop());

function post(body: BodyInit, { query = "", ...init }: RequestInit & { query?: string } = {}): Promise<Response> {
  return route.POST(new Request(`http://localhost/api/captioning${query}`, { method: "POST", body, ...init }), {});
}

const postRaw = (body: BodyInit, query = "", type = "image/jpeg") =>
  post(body, { query, headers: { "content-type": type } });

describe("POST /api/captioning", () => {
  it("answers a form as the API says", async () => {
    const response = await post(form([["image", photo]]));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const answer = captioningResponseSchema.parse(await response.json());
    expect(answer.captions).toHaveLength(3);
    expect(answer.captions[0]?.tokens[0]).not.toHaveProperty("attention");
    expect(answer.image).toEqual({ sha256: createHash("sha256").update(photo).digest("hex"), width: 320, height: 240 });
    expect(answer.model.name).toBe("captioning");
    expect(answer.provider).toBe("cpu");
    const { queue, decode, encode, generate, total } = answer.timings;
    expect(decode).toBeGreaterThan(0);
    expect(generate).toBeGreaterThan(0);
    expect(queue + decode + encode + generate).toBeLessThanOrEqual(total + 0.5);
  });

  it("answers a raw image with its options in the query", async () => {
    const response = await postRaw(photo, "?beamWidth=6&count=5&attention=true");
    expect(response.status).toBe(200);
    const { captions } = captioningResponseSchema.parse(await response.json());
    expect(captions).toHaveLength(5);
    for (const { attention = [] } of captions.flatMap(({ tokens }) => tokens)) {
      expect(attention.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    }
  });

  it("believes neither the name nor the media type of a file", async () => {
    const png = new Uint8Array(await sharp(photo).png().toBuffer());
    expect((await postRaw(png, "", "image/heic")).status).toBe(200);
  });

  it("encodes a photo once: the second request for it skips decoding and encoding", async () => {
    const body = await jpeg(300, 200, 1);
    const first = captioningResponseSchema.parse(await (await postRaw(body)).json());
    const second = captioningResponseSchema.parse(await (await postRaw(body, "?beamWidth=2")).json());
    expect(first.timings.encode).toBeGreaterThan(0);
    expect(second.timings).toMatchObject({ decode: 0, encode: 0 });
    expect(second.image).toEqual(first.image);
  });

  it("forms batches when several ask at once", async () => {
    const { getHttpMetrics } = await import("@/lib/http/metrics");
    const photos = await Promise.all(Array.from({ length: 16 }, (_, seed) => jpeg(64, 64, seed + 10)));
    const answers = await Promise.all(photos.map((body) => postRaw(body)));
    expect(answers.map(({ status }) => status)).toEqual(photos.map(() => 200));
    const metrics = await getHttpMetrics().registry.getSingleMetricAsString("inkling_batch_size");
    const read = (line: RegExp) => Number(metrics.match(line)?.[1]);
    const alone = read(/_bucket\{le="1",model="captioning"\} (\d+)/);
    expect(alone).toBeLessThan(read(/_count\{model="captioning"\} (\d+)/));
  });

  it.each([
    ["beamWidth=0", "beamWidth"],
    ["beamWidth=11", "beamWidth"],
    ["beamWidth=abc", "beamWidth"],
    ["beamWidth=2.5", "beamWidth"],
    ["beamWidth=", "beamWidth"],
    ["beamWidth=-1", "beamWidth"],
    ["beamWidth=1e1", "beamWidth"],
    ["beamWidth=99999999999999999999", "beamWidth"],
    ["count=0", "count"],
    ["count=5", "count"],
    ["beamWidth=2&count=3", "count"],
    ["attention=yes", "attention"],
    ["attention=True", "attention"],
    ["beamWidth=3&beamWidth=3", "beamWidth"],
    ["beams=3", "beams"],
    ["__proto__=1", "__proto__"],
    ["constructor=1", "constructor"],
    ["image=photo.jpg", "image"],
  ])("refuses %s", async (query, field) => {
    await expectProblem(await postRaw(photo, `?${query}`), 400, "invalid_field", new RegExp(field));
    const entries = new URLSearchParams(query);
    if (entries.has("image")) return;
    await expectProblem(await post(form([...entries, ["image", photo]])), 400, "invalid_field", new RegExp(field));
  });

  it("takes the options that are allowed and refuses all others", async () => {
    const option = fc.oneof(
      fc.integer({ min: -3, max: 14 }).map(String),
      fc.constantFrom("", " 4", "4 ", "+4", "04", "4.0", "1e1", "0x4", "NaN", "null", "true", "٤"),
      fc.string({ maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          { beamWidth: option, count: option, attention: fc.oneof(fc.constantFrom("true", "false"), option) },
          {
            requiredKeys: [],
          },
        ),
        async (options) => {
          const response = await postRaw(photo, `?${new URLSearchParams(options)}`);
          const isWhole = (value: string) => /^-?\d{1,15}$/.test(value);
          const { beamWidth = "4", count, attention = "false" } = options;
          const allowed =
            isWhole(beamWidth) &&
            Number(beamWidth) >= 1 &&
            Number(beamWidth) <= 10 &&
            (count === undefined || (isWhole(count) && Number(count) >= 1 && Number(count) <= Number(beamWidth))) &&
            ["true", "false"].includes(attention);
          if (!allowed) return expectProblem(response, 400, "invalid_field", /beamWidth|count|attention/);
          const { captions } = captioningResponseSchema.parse(await response.json());
          expect(captions).toHaveLength(Number(count ?? Math.min(3, Number(beamWidth))));
          const [token] = captions[0]?.tokens ?? [];
          expect(token?.attention !== undefined).toBe(attention === "true");
        },
      ),
      { numRuns: 150 },
    );
  });

  it("refuses other media types", async () => {
    for (const type of ["application/json", "text/plain", "application/octet-stream", "video/mp4"]) {
      await expectProblem(await postRaw(photo, "", type), 415, "unsupported_media_type", new RegExp(type));
    }
    await expectProblem(await post(photo), 415, "unsupported_media_type", /no content-type/);
  });

  it("refuses an absent image, whatever it is called instead", async () => {
    await expectProblem(await post(form([["beamWidth", "3"]])), 400, "missing_field", /image/);
    await expectProblem(await post(form([["photo", photo]])), 400, "missing_field", /image is absent.*"photo"/);
    await expectProblem(await post(new FormData()), 400, "missing_field", /image/);
  });

  it("refuses two images, an image as text, and files or fields that it does not know", async () => {
    const twice = form([
      ["image", photo],
      ["image", photo],
    ]);
    await expectProblem(await post(twice), 400, "invalid_field", /"image" was sent more than once/);
    await expectProblem(await post(form([["image", "photo.jpg"]])), 400, "invalid_field", /text, not a file/);
    const both = form([
      ["image", photo],
      ["image", "x"],
    ]);
    await expectProblem(await post(both), 400, "invalid_field", /more than once/);
    const other = form([
      ["image", photo],
      ["mask", photo],
    ]);
    await expectProblem(await post(other), 400, "invalid_field", /"mask" holds a file/);
    const option = form([
      ["image", photo],
      ["beamWidth", photo],
    ]);
    await expectProblem(await post(option), 400, "invalid_field", /beamWidth.*a file/);
    const long = form([
      ["image", photo],
      ["beamWidth", "4".repeat(2000)],
    ]);
    await expectProblem(await post(long), 400, "invalid_field", /beamWidth/);
    const beside = await post(form([["image", photo]]), { query: "?beamWidth=3" });
    await expectProblem(beside, 400, "invalid_field", /query/);
  });

  it("refuses a broken form", async () => {
    const type = "multipart/form-data; boundary=x";
    const start = '--x\r\ncontent-disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n';
    for (const [contentType, body] of [
      ["multipart/form-data", start],
      [type, ""],
      [type, "nothing like it"],
      [type, start],
      [type, `${start}cut off`],
      [type, '{"image": 1}'],
    ] as const) {
      await expectProblem(await postRaw(body, "", contentType), 400, "invalid_body", /multipart/);
    }
    const many = form([...Array.from({ length: 40 }, (_, index) => [`f${index}`, "1"] as const), ["image", photo]]);
    expect((await post(many)).status).toBe(400);
  });

  it.each([
    ["0 bytes", "", /empty/],
    ["text", "just text, renamed to .jpg", /text/],
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg"/>', /SVG/],
    ["HEIC", "\0\0\0\x18ftypheic\0\0\0\0mif1heic", /HEIC/],
  ])("refuses %s as an image", async (_, content, detail) => {
    const bytes = new Uint8Array(Buffer.from(content, "latin1"));
    await expectProblem(await postRaw(bytes), 422, "invalid_image", detail);
    await expectProblem(await post(form([["image", bytes]])), 422, "invalid_image", detail);
  });

  it("refuses a truncated JPEG, a 1×1 and a bomb", async () => {
    await expectProblem(await postRaw(photo.slice(0, 700)), 422, "invalid_image", /cut off/);
    await expectProblem(await postRaw(await jpeg(1, 1)), 422, "invalid_image", /1×1/);
    await expectProblem(await postRaw(new Uint8Array(pngBomb(20_000))), 413, "image_too_large", /20000×20000/);
  });

  it("accepts 8×3000, CMYK, 16-bit, 1-bit and grey, transparent, animated and rotated images", async () => {
    const image = sharp(photo);
    const files = await Promise.all([
      image.clone().resize(8, 3000, { fit: "fill" }).png().toBuffer(),
      image.clone().toColourspace("cmyk").jpeg().toBuffer(),
      image.clone().toColourspace("rgb16").png().toBuffer(),
      image.clone().toColourspace("b-w").png().toBuffer(),
      image.clone().png({ palette: true, colours: 2 }).toBuffer(),
      image.clone().ensureAlpha(0.3).png().toBuffer(),
      sharp([photo, await jpeg(320, 240, 7)], { join: { animated: true } })
        .gif()
        .toBuffer(),
      image.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      image.clone().avif().toBuffer(),
      image.clone().webp().toBuffer(),
    ]);
    const answers = await Promise.all(files.map((file) => postRaw(new Uint8Array(file))));
    expect(answers.map(({ status }) => status)).toEqual(files.map(() => 200));
    const sizes = await Promise.all(answers.map(async (answer) => (await answer.json()).image));
    expect([sizes[0].width, sizes[0].height]).toEqual([8, 3000]);
    expect([sizes[6].width, sizes[6].height]).toEqual([320, 240]);
    expect([sizes[7].width, sizes[7].height]).toEqual([240, 320]);
  });

  it("refuses 13 MiB, declared or not, as a form or raw", async () => {
    const large = new Uint8Array(13 * 2 ** 20);
    large.set(photo);
    await expectProblem(await postRaw(large), 413, "image_too_large", /12 MiB/);
    await expectProblem(await post(form([["image", large]])), 413, "image_too_large", /12 MiB/);
    const declared = await post(photo, {
      headers: { "content-type": "image/jpeg", "content-length": String(large.length) },
    });
    await expectProblem(declared, 413, "image_too_large", /12 MiB/);
    const text = form([
      ["notes", "x".repeat(13 * 2 ** 20)],
      ["image", photo],
    ]);
    await expectProblem(await post(text), 413, "body_too_large", /12.5 MiB/);
  });

  it("accepts exactly 12 MiB", async () => {
    const full = new Uint8Array(MAX_IMAGE_BYTES);
    // What follows a JPEG's end is ignored by decoders.
    full.set(photo);
    expect((await postRaw(full)).status).toBe(200);
    expect((await post(form([["image", full]]))).status).toBe(200);
  });

  it("stops working for a client that has gone", async () => {
    const controller = new AbortController();
    const answer = post(await jpeg(200, 200, 99), {
      headers: { "content-type": "image/jpeg" },
      signal: controller.signal,
    });
    controller.abort();
    expect((await answer).status).toBe(499);
  });

  it("keeps the client's own request id when it is a plain one", async () => {
    const send = (id: string) => post(photo, { headers: { "content-type": "image/jpeg", "x-request-id": id } });
    expect((await send("trace-1:a.b")).headers.get("x-request-id")).toBe("trace-1:a.b");
    expect((await send("<script>")).headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("other methods", () => {
  it.each(["GET", "PUT", "PATCH", "DELETE"] as const)("%s is not allowed", async (method) => {
    const response = await route[method](new Request("http://localhost/api/captioning", { method }), {});
    expect(response.headers.get("allow")).toBe("OPTIONS, POST");
    await expectProblem(response, 405, "method_not_allowed", new RegExp(method));
  });

  it("OPTIONS says what is", async () => {
    const response = await route.OPTIONS(new Request("http://localhost/api/captioning", { method: "OPTIONS" }), {});
    expect([response.status, response.headers.get("allow")]).toEqual([204, "OPTIONS, POST"]);
  });
});
