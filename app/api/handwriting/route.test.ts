import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toPathData } from "@/lib/handwriting/exports/svg";
import { TINY_STYLES } from "@/lib/handwriting/fixtures/tiny-models";
import { expectProblem } from "@/lib/server/fixtures/requests";
import { startTinyServer, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { ask, expectEvents, expectWriting, get, LOOPS, post } from "./fixtures/requests";

let server: TinyServer;
let route: typeof import("./route");

beforeAll(async () => {
  server = await startTinyServer();
  route = await import("./route");
});

afterAll(() => server.stop());

/** What a request's metrics say. */
async function readMetrics(): Promise<(name: string) => number> {
  const { getHttpMetrics } = await import("@/lib/http/metrics");
  const text = await getHttpMetrics().registry.metrics();
  return (name) =>
    Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`${name} `))
        ?.split(" ")
        .at(-1) ?? 0,
    );
}

const TEXT = "Hello, world\nof lines";

describe("POST /api/handwriting", () => {
  it("writes a text as the API says", async () => {
    const response = await ask({ text: TEXT, seed: 7 });
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const writing = await expectWriting(response);
    expect(writing).toMatchObject({ seed: 7, style: TINY_STYLES[0], text: TEXT, warnings: [], provider: "cpu" });
    expect(writing.lines).toHaveLength(2);
    expect(writing.characters).toHaveLength(TEXT.length);
    expect(writing.model).toEqual({ name: "handwriting", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { queue, read, write, total } = writing.timings;
    expect(write).toBeGreaterThan(0);
    expect(queue + read + write).toBeLessThanOrEqual(total + 0.5);
  });

  it("draws a seed where none is sent, and returns it", async () => {
    const first = await expectWriting(await ask({ text: TEXT }));
    const second = await expectWriting(await ask({ text: TEXT }));
    expect(second.seed).not.toBe(first.seed);
    const again = await expectWriting(await ask({ text: TEXT, seed: first.seed }));
    expect(again.strokes).toEqual(first.strokes);
  });

  it.each([0, 2 ** 32 - 1])("takes the seed %d", async (seed) => {
    expect((await expectWriting(await ask({ text: "a", seed }))).seed).toBe(seed);
  });

  it("writes by style, unprimed, bias and width", async () => {
    expect((await expectWriting(await ask({ text: "a", style: "slow" }))).style).toBe("slow");
    expect((await expectWriting(await ask({ text: "a", style: null }))).style).toBeNull();
    const narrow = await expectWriting(await ask({ text: "one two three four", lineWidth: 10, bias: 5 }));
    expect(narrow.lines).toHaveLength(2);
    expect((await expectWriting(await ask({ text: "a".repeat(500), lineWidth: 10 }))).lines).toHaveLength(50);
  });

  it("writes in whose ink it is given, says what it read and where it doubts", async () => {
    const read = await expectWriting(await ask({ text: "a", seed: 1, prime: { strokes: LOOPS } }));
    expect(read.style).toBeNull();
    expect(read.primeText).toMatch(/^[ -~]+$/);
    const said = await expectWriting(
      await ask({ text: "a", seed: 1, prime: { text: read.primeText, strokes: LOOPS } }),
    );
    expect(said).not.toHaveProperty("primeText");
    expect(said.warnings).toEqual(read.warnings);
    const timed = LOOPS.map((stroke) => stroke.map(([x = 0, y = 0], i) => [x * 1e-3, y * 1e-3, i * 8]));
    const doubted = await expectWriting(await ask({ text: "a", seed: 1, prime: { text: "@@@@@@", strokes: timed } }));
    expect(doubted.warnings.join()).toMatch(/may not say/);
  });

  it("writes lines without a text, in nobody's hand where none is sent", async () => {
    const dreamt = await expectWriting(await ask({ dream: 3, seed: 7 }));
    expect(dreamt).toMatchObject({ text: "", characters: [], seed: 7, style: null, warnings: [] });
    expect(dreamt.lines.map(({ strokes }) => strokes > 0)).toEqual([true, true, true]);
    const nobodys = await expectWriting(await ask({ dream: 3, seed: 7, style: null, lineWidth: 10 }));
    expect(nobodys.strokes).toEqual(dreamt.strokes);
    const slow = await expectWriting(await ask({ dream: 3, seed: 7, style: "slow" }));
    expect(slow).toMatchObject({ style: "slow", text: "" });
    expect(slow.strokes).not.toEqual(dreamt.strokes);
    for (const dream of [1, 10]) expect((await expectWriting(await ask({ dream }))).lines).toHaveLength(dream);
  });

  it("dreams on from ink, as a stream and as an SVG", async () => {
    const read = await expectWriting(await ask({ dream: 2, seed: 7, prime: { strokes: LOOPS } }));
    expect(read).toMatchObject({ text: "", characters: [], style: null });
    expect(read.primeText).toMatch(/^[ -~]+$/);
    const prime = { strokes: LOOPS, text: "abc" };
    const said = await expectWriting(await ask({ dream: 2, seed: 7, prime }));
    expect(said).not.toHaveProperty("primeText");
    const events = await expectEvents(await ask({ dream: 2, seed: 7, prime }, { accept: "application/x-ndjson" }));
    expect(events.at(-1)).toEqual({ ...said, type: "result", timings: expect.anything() });
    const svg = await ask({ dream: 2, seed: 7, prime }, { accept: "image/svg+xml" });
    expect(svg.headers.get("x-seed")).toBe("7");
    const drawn = await svg.text();
    expect(drawn).toContain("<title>Handwriting without a text</title>");
    expect(drawn.match(/<path /g)).toHaveLength(said.strokes.length);
  });

  it("refuses a text beside a dream, and neither", async () => {
    for (const text of ["a", ""]) {
      await expectProblem(await ask({ text, dream: 1 }), 400, "invalid_field", /text and dream/);
    }
    await expectProblem(await ask({ seed: 7 }), 400, "missing_field", /text is absent/);
    await expectProblem(await get({ dream: "1" }), 400, "invalid_field", /dream/);
  });

  it.each([0, 11, -1, 1.5, "a", "1", null, true, [1]])("refuses a dream of %j", async (dream) => {
    await expectProblem(await ask({ dream }), 400, "invalid_field", /^dream must be a whole number from 1 to 10/);
  });

  it("answers with an SVG where that is preferred", async () => {
    const response = await ask({ text: "a < b & c", seed: 7 }, { accept: "text/html, image/svg+xml;q=0.9, */*;q=0.1" });
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(response.headers.get("x-seed")).toBe("7");
    const svg = await response.text();
    expect(svg).toContain("<title>a &lt; b &amp; c</title>");
    const { strokes } = await expectWriting(await ask({ text: "a < b & c", seed: 7 }, { accept: "*/*" }));
    expect(svg.match(/<path /g)).toHaveLength(strokes.length);
    for (const stroke of strokes) expect(svg).toContain(`"${toPathData(stroke)}"`);
  });

  it("streams what is new, and then the same as without", async () => {
    const events = await expectEvents(await ask({ text: TEXT, seed: 7 }, { accept: "application/x-ndjson" }));
    const result = events.pop();
    const whole = await expectWriting(await ask({ text: TEXT, seed: 7 }));
    expect(result).toEqual({ ...whole, type: "result", timings: expect.anything() });
    const strokes: (readonly [number, number])[][] = [];
    for (const event of events) {
      if (event.type !== "strokes") throw new Error(`A ${event.type} in between.`);
      strokes[event.stroke] ??= [];
      strokes[event.stroke]?.push(...event.points);
    }
    const moved = (value: number, by: number) => Math.round((value + by) * 100) / 100;
    const [left, top] = whole.origin;
    expect(strokes.map((stroke) => stroke.map(([x, y]) => [moved(x, left), moved(y, top)]))).toEqual(whole.strokes);
  });

  it("withdraws lines that run away, keeps the best and says so", async () => {
    const wild = await expectWriting(await ask({ text: "a line", style: "wild" }));
    expect(wild.warnings).toEqual([expect.stringMatching(/^Line 1 left its band/)]);
    const asked = { text: "a long line of words", style: "restless", bias: 0 };
    const streams = Array.from({ length: 12 }, async (_, seed) =>
      expectEvents(await ask({ ...asked, seed }, { accept: "application/x-ndjson" })),
    );
    const all = await Promise.all(streams);
    expect(all.flat().some(({ type }) => type === "reset")).toBe(true);
    for (const events of all) expect(events.filter(({ type }) => type === "result")).toHaveLength(1);
  });

  it.each([
    ["nothing", "", 400, "invalid_field", /text.*empty/],
    ["spaces", "   ", 400, "invalid_field", /spaces/],
    ["line breaks", "\n\r\n", 400, "invalid_field", /line breaks/],
    ["501 characters", "a".repeat(501), 422, "text_too_long", /501/],
    ["21 lines", "a\n".repeat(21), 422, "text_too_long", /lines/],
    ["a tab", "a\tb", 422, "unsupported_characters", /U\+0009/],
    ["NUL", "a\u0000", 422, "unsupported_characters", /U\+0000/],
    ["an emoji", "hi 👋🏽", 422, "unsupported_characters", /👋/],
    ["Cyrillic", "привет", 422, "unsupported_characters", /п, р/],
    ["half a pair", "\ud83d", 422, "unsupported_characters", /U\+D83D|�/],
    ["accents", "café “naïve”", 422, "unsupported_characters", /é, “, ï, ”/],
  ])("refuses a text of %s", async (_, text, status, code, detail) => {
    await expectProblem(await ask({ text }), status, code, detail);
    await expectProblem(await ask({ text }, { accept: "application/x-ndjson" }), status, code, detail);
    await expectProblem(await get({ text }), status, code, detail);
  });

  it.each(
    [
      ["text", 5],
      ["text", null],
      ["text", ["a"]],
      ["seed", -1],
      ["seed", 2 ** 32],
      ["seed", 1.5],
      ["seed", "a"],
      ["seed", "7"],
      ["seed", null],
      ["bias", -1],
      ["bias", 6],
      ["bias", "x"],
      ["bias", 1e308],
      ["lineWidth", 9],
      ["lineWidth", 101],
      ["lineWidth", 40.5],
      ["lineWidth", "40"],
      ["style", "nobody"],
      ["style", ""],
      ["style", 3],
      ["style", "constructor"],
      ["prime", null],
      ["prime", []],
      ["prime", {}],
      ["prime", { strokes: [] }],
      ["prime", { strokes: [[]] }],
      ["prime", { strokes: [[[1, 2]]] }],
      ["prime", { strokes: "ink" }],
      ["prime", { strokes: [[1, 2, 3]] }],
      [
        "prime",
        {
          strokes: [
            [
              ["a", 2],
              [3, 4],
            ],
          ],
        },
      ],
      [
        "prime",
        {
          strokes: [
            [
              [1, null],
              [3, 4],
            ],
          ],
        },
      ],
      ["prime", { strokes: [[[1], [3, 4]]] }],
      [
        "prime",
        {
          strokes: [
            [
              [1, 2, 3, 4],
              [3, 4],
            ],
          ],
        },
      ],
      [
        "prime",
        {
          strokes: [
            [
              [1e300, 2],
              [3, 4],
            ],
          ],
        },
      ],
      ["prime", { strokes: LOOPS, ink: 1 }],
      ["prime", { strokes: LOOPS, text: "" }],
      ["prime", { strokes: LOOPS, text: 5 }],
      ["prime", { strokes: [Array.from({ length: 20_001 }, () => [0, 0])] }],
      ["prime", { strokes: [Array.from({ length: 200_000 }, () => [0, 0])] }],
      ["words", "a"],
      ["__proto__", 1],
      ["constructor", 1],
    ].map(([name, value]) => {
      const json = JSON.stringify(value);
      return { name: name as string, json, shown: json.length > 80 ? `${json.length} characters` : json };
    }),
  )("refuses $name: $shown", async ({ name, json }) => {
    const body = `{"text": "a", ${JSON.stringify(name)}: ${json}}`;
    await expectProblem(await post(body), 400, "invalid_field", new RegExp(name));
  });

  it("refuses a style beside a prime, and what a prime cannot say", async () => {
    for (const style of ["plain", null]) {
      await expectProblem(
        await ask({ text: "a", style, prime: { strokes: LOOPS } }),
        400,
        "invalid_field",
        /style and prime/,
      );
    }
    const prime = { strokes: LOOPS, text: "дом" };
    await expectProblem(await ask({ text: "a", prime }), 422, "unsupported_characters", /prime\.text/);
    const long = { strokes: LOOPS, text: "a".repeat(201) };
    await expectProblem(await ask({ text: "a", prime: long }), 422, "text_too_long", /prime\.text/);
  });

  it.each<[string, number[][][]]>([
    ["a point twice", [Array.from({ length: 2 }, () => [3, 3])]],
    ["single points and an empty stroke", [[[0, 0]], [], [[1, 0]]]],
    ["a level line", [Array.from({ length: 2 }, (_, i) => [i * 1e9, 0])]],
    ["a short upright line", [Array.from({ length: 2 }, (_, i) => [0, i * -1e-9])]],
    ["a scribble of 20,000 points", [Array.from({ length: 20_000 }, (_, i) => [i % 2, i * 1e-7])]],
    ["a long wave", [Array.from({ length: 1500 }, (_, i) => [i, 30 * Math.sin(i)])]],
  ])("follows ink that is %s", async (_, strokes) => {
    await expectWriting(await ask({ text: "a", prime: { strokes } }));
    await expectWriting(await ask({ text: "a", prime: { strokes, text: "some words" } }));
  });

  it("takes what is allowed and refuses all else, whatever the text", async () => {
    const fields = fc.record(
      {
        text: fc.oneof(
          fc.string({ maxLength: 60, unit: "grapheme-ascii" }),
          fc.string({ maxLength: 30, unit: "binary" }),
          fc
            .array(fc.constantFrom("a", " ", "\n", "\r\n", "é", "longword"), { maxLength: 30 })
            .map((parts) => parts.join("")),
        ),
        seed: fc.oneof(fc.integer({ min: -1, max: 2 ** 32 }), fc.double(), fc.string()),
        bias: fc.oneof(fc.double({ min: -1, max: 6 }), fc.constant("1")),
        lineWidth: fc.oneof(fc.integer({ min: 8, max: 102 }), fc.constant(null)),
        style: fc.constantFrom(...TINY_STYLES, null, "x"),
      },
      { requiredKeys: ["text"] },
    );
    await fc.assert(
      fc.asyncProperty(fields, async (sent) => {
        const response = await ask(sent);
        if (response.status === 200) return void (await expectWriting(response));
        await expectProblem(response, response.status, (await response.clone().json()).code, /./);
        expect([400, 422]).toContain(response.status);
      }),
      { numRuns: 60 },
    );
  });

  it("refuses other bodies", async () => {
    await expectProblem(await ask({}), 400, "missing_field", /text is absent/);
    for (const body of ["", "{", "[]", "null", "5", '"text"', new Uint8Array([0x22, 0xff, 0x22])]) {
      await expectProblem(await post(body), 400, "invalid_body", /JSON/);
    }
    await expectProblem(await post("[".repeat(100_000)), 400, "invalid_body", /JSON/);
    const large = JSON.stringify({ text: "a", words: "a".repeat(2 * 2 ** 20) });
    await expectProblem(await post(large), 413, "body_too_large", /2 MiB/);
    await expectProblem(await post("{}", { headers: { "content-length": "3000000" } }), 413, "body_too_large", /2 MiB/);
    for (const type of ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]) {
      await expectProblem(
        await post("{}", { headers: { "content-type": type } }),
        415,
        "unsupported_media_type",
        /content-type/,
      );
    }
  });

  it("answers several at once as it answers each alone, in batches", async () => {
    const asked = Array.from({ length: 16 }, (_, seed) => ({ text: "some words ".repeat(1 + (seed % 4)), seed }));
    const together = await Promise.all(asked.map(async (each) => expectWriting(await ask(each))));
    for (const [index, each] of asked.entries()) {
      expect((await expectWriting(await ask(each))).strokes).toEqual(together[index]?.strokes);
    }
    const metric = await readMetrics();
    const count = metric('inkling_batch_size_count{model="handwriting"}');
    expect(metric('inkling_batch_size_sum{model="handwriting"}')).toBeGreaterThan(count);
    expect(metric("inkling_handwriting_points_total")).toBeGreaterThan(0);
  });

  it("stops working for a client that has gone, in mid-stream or before", async () => {
    const before = await readMetrics();
    const text = "a long line of many words ".repeat(19);
    const response = await ask({ text, seed: 1 }, { accept: "application/x-ndjson" });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    const [early, late] = [new AbortController(), new AbortController()];
    const answer = ask({ text, seed: 1 }, { signal: early.signal });
    setTimeout(() => early.abort(), 2);
    expect((await answer).status).toBe(499);
    const broken = await ask({ text, seed: 1 }, { signal: late.signal, accept: "application/x-ndjson" });
    late.abort();
    // Nobody reads it, but it ends.
    await broken.text();
    const cancelled = 'inkling_handwriting_lines_total{outcome="cancelled"}';
    await expect.poll(async () => (await readMetrics())(cancelled) - before(cancelled)).toBe(39);
    const stopped = (await readMetrics())("inkling_handwriting_points_total");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await readMetrics())("inkling_handwriting_points_total")).toBe(stopped);
    expect((await ask({ text: "a" })).status).toBe(200);
  });
});

describe("other methods", () => {
  it.each(["PUT", "PATCH", "DELETE"] as const)("%s is not allowed", async (method) => {
    const response = await route[method](new Request("http://localhost/api/handwriting", { method }), {});
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
    await expectProblem(response, 405, "method_not_allowed", new RegExp(method));
  });
});
