import { createHash } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectProblem, form, jpeg } from "@/lib/server/fixtures/requests";
import { startTinyServer, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { pngBomb } from "@/lib/vision/fixtures/png-bomb";
import { TINY_ANSWERS } from "@/lib/vqa/fixtures/tiny-models";
import { vqaResponseSchema, vqaVocabularySchema } from "./schema";

const QUESTION = "How many dogs are there?";

let server: TinyServer;
let route: typeof import("./route");
let vocabulary: typeof import("./vocabulary/route");
let photo: Uint8Array<ArrayBuffer>;
let sha256: string;

beforeAll(async () => {
  server = await startTinyServer();
  route = await import("./route");
  vocabulary = await import("./vocabulary/route");
  photo = await jpeg(320, 240);
  sha256 = createHash("sha256").update(photo).digest("hex");
});

afterAll(() => server.stop());

function post(body: BodyInit, { query = "", ...init }: RequestInit & { query?: string } = {}): Promise<Response> {
  return route.POST(new Request(`http://localhost/api/vqa${query}`, { method: "POST", body, ...init }), {});
}

type Value = string | Uint8Array<ArrayBuffer>;

/** Asks about the photo; fields that are named replace the defaults, undefined ones are left out. */
function ask(fields: Readonly<Record<string, Value | undefined>> = {}, init: RequestInit = {}): Promise<Response> {
  const all = Object.entries({ image: photo, question: QUESTION, ...fields });
  return post(form(all.filter((entry): entry is [string, Value] => entry[1] !== undefined)), init);
}

async function expectAnswer(response: Response) {
  const body = await response.json();
  expect(body).not.toHaveProperty("code");
  expect(response.status).toBe(200);
  return vqaResponseSchema.parse(body);
}

describe("POST /api/vqa", () => {
  it("answers a form as the API says", async () => {
    const response = await ask();
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const answer = await expectAnswer(response);
    expect(answer.answers).toHaveLength(5);
    expect(answer.withoutImage).toHaveLength(5);
    expect(answer).not.toHaveProperty("attention");
    expect(answer.questionWords.map(({ text, known }) => [text, known])).toEqual([
      ["how", true],
      ["many", true],
      ["dogs", true],
      ["are", true],
      ["there", true],
    ]);
    expect(answer.image).toEqual({ sha256, width: 320, height: 240 });
    expect(answer.model.name).toBe("vqa");
    expect(answer.provider).toBe("cpu");
    const { queue, decode, encode, answer: answering, total } = answer.timings;
    expect(answering).toBeGreaterThan(0);
    expect(queue + decode + encode + answering).toBeLessThanOrEqual(total + 0.5);
  });

  it("says where it looked when asked to", async () => {
    const { attention = [] } = await expectAnswer(await ask({ attention: "true" }));
    expect(attention).toHaveLength(49);
    expect(attention.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
  });

  it("answers a raw image with the rest in the query", async () => {
    const query = `?${new URLSearchParams({ question: QUESTION, count: "2" })}`;
    const headers = { "content-type": "image/jpeg" };
    expect((await expectAnswer(await post(photo, { query, headers }))).answers).toHaveLength(2);
    await expectProblem(await post(photo, { headers }), 400, "missing_field", /question is absent/);
    const both = `${query}&imageSha256=${sha256}`;
    await expectProblem(await post(photo, { query: both, headers }), 400, "invalid_field", /both sent/);
  });

  it("answers about a photo that was sent before by its hash", async () => {
    const first = await expectAnswer(await ask());
    const second = await expectAnswer(await ask({ image: undefined, imageSha256: sha256 }));
    expect(second).toEqual({ ...first, timings: second.timings });
    expect(second.timings).toMatchObject({ decode: 0, encode: 0 });
  });

  it("says that a hash is unknown, malformed, or sent beside an image", async () => {
    const unknown = "0".repeat(64);
    const hash = (imageSha256: string, image?: Value) => ask({ image, imageSha256 });
    await expectProblem(await hash(unknown), 404, "image_not_cached", /0{64}/);
    for (const malformed of [
      "",
      "abc",
      unknown.slice(1),
      `${unknown}0`,
      "g".repeat(64),
      sha256.toUpperCase(),
      "../x",
    ]) {
      await expectProblem(await hash(malformed), 400, "invalid_field", /imageSha256 must be 64/);
    }
    await expectProblem(await hash(sha256, photo), 400, "invalid_field", /image and imageSha256 were both sent/);
    await expectProblem(await hash(sha256, ""), 400, "invalid_field", /text, not a file/);
    // An input of a page that no file was chosen in.
    await expectProblem(await hash(sha256, new Uint8Array()), 400, "invalid_field", /both sent/);
  });

  it.each([
    ["one letter", "a"],
    ["a digit", "7"],
    ["200 characters", "why ".repeat(50)],
    ["200 characters of four bytes each", "𐐀".repeat(200)],
    ["an emoji beside words", "🐶 how many dogs 🐶"],
    ["right to left", "كم كلبا هناك؟"],
    ["Hebrew with direction marks", "\u202eכמה כלבים\u202c יש?"],
    ["Cyrillic", "Сколько здесь собак?"],
    ["Chinese", "有几只狗？"],
    ["control characters", "how\u0000many\u0007dogs\u001b[31m"],
    ["HTML", "<img src=x onerror=alert(1)> what is this?"],
    ["SQL", "'; DROP TABLE photos; --"],
    ["a template", "{{7*7}} <%= 7 %> %s %n"],
    ["a path", "../../etc/passwd"],
    ["unknown words alone", "zyx qwv"],
    ["lines", "how many\ndogs\r\nare there"],
    ["half a surrogate pair", "dogs \ud83d"],
  ])("answers %s", async (_, question) => {
    const answer = await expectAnswer(await ask({ question }));
    expect(answer.answers).toHaveLength(5);
    for (const { text } of answer.questionWords) expect(text).toMatch(/^'?[\p{L}\p{N}]+$/u);
    for (const { text } of [...answer.answers, ...answer.withoutImage]) expect(TINY_ANSWERS).toContain(text);
  });

  it("marks all words that it does not know", async () => {
    const answer = await expectAnswer(await ask({ question: "zyx, qwv?" }));
    expect(answer.questionWords).toEqual([
      { text: "zyx", importance: 0, known: false },
      { text: "qwv", importance: 0, known: false },
    ]);
  });

  it.each([
    ["nothing", "", /must have a word or a digit/],
    ["spaces", "   ", /must have a word or a digit/],
    ["punctuation", "?!… ,;", /must have a word or a digit/],
    ["emoji", "🐶👨‍👩‍👧", /must have a word or a digit/],
    ["control characters", "\u0000\u0007", /must have a word or a digit/],
    ["201 characters", "a".repeat(201), /at most 200 characters.*a{40}…/],
    ["201 characters of four bytes", "𐐀".repeat(201), /at most 200 characters/],
    ["10,000 characters", "dog ".repeat(2500), /"question" has more than/],
  ])("refuses a question of %s", async (_, question, detail) => {
    await expectProblem(await ask({ question }), 400, "invalid_field", detail);
  });

  it("refuses a question that is absent, sent twice or a file", async () => {
    await expectProblem(await ask({ question: undefined }), 400, "missing_field", /question is absent/);
    const twice = form([
      ["image", photo],
      ["question", QUESTION],
      ["question", QUESTION],
    ]);
    await expectProblem(await post(twice), 400, "invalid_field", /"question" was sent more than once/);
    await expectProblem(await ask({ question: photo }), 400, "invalid_field", /"question" holds a file/);
  });

  it("refuses an absent image, whatever it is called instead", async () => {
    await expectProblem(await ask({ image: undefined }), 400, "missing_field", /image or imageSha256 is absent/);
    await expectProblem(await ask({ image: undefined, photo }), 400, "missing_field", /is absent.*"photo"/);
  });

  it.each([
    ["count", "0"],
    ["count", "21"],
    ["count", "x"],
    ["count", "2.5"],
    ["count", "-1"],
    ["count", ""],
    ["count", "1e1"],
    ["count", "99999999999999999999"],
    ["attention", "yes"],
    ["attention", "True"],
    ["beamWidth", "4"],
    ["__proto__", "1"],
    ["constructor", "1"],
  ])("refuses %s=%s", async (name, value) => {
    const fields = form([
      ["image", photo],
      ["question", QUESTION],
      [name, value],
    ]);
    await expectProblem(await post(fields), 400, "invalid_field", new RegExp(name));
  });

  it("takes the options that are allowed and refuses all others, whatever the question", async () => {
    const option = fc.oneof(
      fc.integer({ min: -3, max: 25 }).map(String),
      fc.constantFrom("", " 4", "4 ", "+4", "04", "4.0", "0x4", "NaN", "null", "true", "٤"),
      fc.string({ maxLength: 60 }),
    );
    const fields = fc.record(
      {
        question: fc.oneof(
          fc.string({ maxLength: 260, unit: "grapheme" }),
          fc.string({ maxLength: 210, unit: "binary" }),
          fc.constantFrom(QUESTION, "what is the man's shirt's color"),
        ),
        count: option,
        attention: fc.oneof(fc.constantFrom("true", "false"), option),
      },
      { requiredKeys: ["question"] },
    );
    await fc.assert(
      fc.asyncProperty(fields, async (sent) => {
        const response = await ask(sent);
        const { count = "5", attention = "false" } = sent;
        // What a form carries: whole characters, lines that end as HTML's forms write them.
        const question = sent.question.replace(/\p{Surrogate}/gu, "\ufffd").replace(/\r\n?|\n/g, "\r\n");
        const allowed =
          Array.from(question).length <= 200 &&
          /[\p{L}\p{N}]/u.test(question) &&
          /^-?\d{1,15}$/.test(count) &&
          Number(count) >= 1 &&
          Number(count) <= 20 &&
          ["true", "false"].includes(attention);
        if (!allowed) return await expectProblem(response, 400, "invalid_field", /question|count|attention/);
        const answer = await expectAnswer(response);
        expect(answer.answers).toHaveLength(Number(count));
        expect(answer.withoutImage).toHaveLength(Number(count));
        expect(answer.attention !== undefined).toBe(attention === "true");
        const probabilities = answer.answers.map(({ probability }) => probability);
        expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["0 bytes", "", /empty/],
    ["text", "just text, renamed to .jpg", /text/],
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg"/>', /SVG/],
    ["HEIC", "\0\0\0\x18ftypheic\0\0\0\0mif1heic", /HEIC/],
  ])("refuses %s as an image", async (_, content, detail) => {
    const image = new Uint8Array(Buffer.from(content, "latin1"));
    await expectProblem(await ask({ image }), 422, "invalid_image", detail);
  });

  it("refuses a truncated JPEG, a 1×1, a bomb, 13 MiB and other media types", async () => {
    await expectProblem(await ask({ image: photo.slice(0, 700) }), 422, "invalid_image", /cut off/);
    await expectProblem(await ask({ image: await jpeg(1, 1) }), 422, "invalid_image", /1×1/);
    const bomb = new Uint8Array(pngBomb(20_000));
    await expectProblem(await ask({ image: bomb }), 413, "image_too_large", /20000×20000/);
    const large = new Uint8Array(13 * 2 ** 20);
    large.set(photo);
    await expectProblem(await ask({ image: large }), 413, "image_too_large", /12 MiB/);
    const headers = { "content-type": "application/json" };
    await expectProblem(await post("{}", { headers }), 415, "unsupported_media_type", /application\/json/);
    const broken = { "content-type": "multipart/form-data; boundary=x" };
    await expectProblem(await post("nothing like it", { headers: broken }), 400, "invalid_body", /multipart/);
  });

  it("tells what is wrong with the question before it looks at the image", async () => {
    const image = new Uint8Array(Buffer.from("text"));
    await expectProblem(await ask({ image, question: "?" }), 400, "invalid_field", /question/);
  });

  it("answers several who ask at once about several photos as it answers each alone, in batches", async () => {
    const { getHttpMetrics } = await import("@/lib/http/metrics");
    const photos = await Promise.all([20, 21, 22].map((seed) => jpeg(64, 64, seed)));
    const asked = Array.from({ length: 16 }, (_, index) => ({
      image: photos[index % 3] as Uint8Array<ArrayBuffer>,
      question: ["how many dogs", "what color is the man's shirt", "where is the dog in this photo", "a"][
        index % 4
      ] as string,
    }));
    const together = await Promise.all(asked.map(async (each) => expectAnswer(await ask(each))));
    for (const [index, each] of asked.entries()) {
      const alone = await expectAnswer(await ask(each));
      expect(alone.image).toEqual(together[index]?.image);
      expect(alone.answers.map(({ text }) => text)).toEqual(together[index]?.answers.map(({ text }) => text));
    }
    const metrics = await getHttpMetrics().registry.getSingleMetricAsString("inkling_batch_size");
    const read = (line: RegExp) => Number(metrics.match(line)?.[1]);
    expect(read(/_bucket\{le="1",model="vqa"\} (\d+)/)).toBeLessThan(read(/_count\{model="vqa"\} (\d+)/));
  });

  it("stops working for a client that has gone", async () => {
    const controller = new AbortController();
    const answer = ask({ image: await jpeg(200, 200, 99) }, { signal: controller.signal });
    controller.abort();
    expect((await answer).status).toBe(499);
    expect((await ask()).status).toBe(200);
  });
});

describe("GET /api/vqa/vocabulary", () => {
  it("lists the answers and counts the words", async () => {
    const response = await vocabulary.GET(new Request("http://localhost/api/vqa/vocabulary"), {});
    expect(response.status).toBe(200);
    const { answers, words } = vqaVocabularySchema.parse(await response.json());
    expect(answers).toEqual(TINY_ANSWERS);
    expect(words).toBe(19);
  });
});

describe("other methods", () => {
  it.each(["GET", "PUT", "PATCH", "DELETE"] as const)("%s is not allowed", async (method) => {
    const response = await route[method](new Request("http://localhost/api/vqa", { method }), {});
    expect(response.headers.get("allow")).toBe("OPTIONS, POST");
    await expectProblem(response, 405, "method_not_allowed", new RegExp(method));
  });

  it("POST to the vocabulary is not allowed", async () => {
    const response = await vocabulary.POST(new Request("http://localhost/api/vqa/vocabulary", { method: "POST" }), {});
    await expectProblem(response, 405, "method_not_allowed", /POST/);
  });
});
