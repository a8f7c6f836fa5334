import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TINY_HIDDEN } from "@/lib/language/fixtures/tiny-models";
import { DEFAULT_LENGTH, MAX_LENGTH, MAX_SEED, MAX_TEXT_LENGTH } from "@/lib/language/options";
import { expectProblem } from "@/lib/server/fixtures/requests";
import { startTinyServer, TINY_SERVER_MODELS, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { type LanguageResponse, languageResponseSchema } from "./schema";

let server: TinyServer;
let route: typeof import("./route");

beforeAll(async () => {
  server = await startTinyServer();
  route = await import("./route");
});

afterAll(() => server.stop());

const TEXT = "It is a truth";

function request(body: unknown, init: RequestInit = {}): Request {
  return new Request("http://localhost/api/language", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
}

const ask = (body: unknown, init?: RequestInit) => route.POST(request(body, init), {});

async function expectAnswer(response: Response): Promise<LanguageResponse> {
  expect(response.status, await response.clone().text()).toBe(200);
  return languageResponseSchema.parse(await response.json());
}

describe("POST /api/language", () => {
  it("answers as the API says", async () => {
    const response = await ask({ text: TEXT, length: 60, temperature: 0.5, seed: 7 });
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const written = await expectAnswer(response);
    expect(written.text.startsWith(TEXT)).toBe(true);
    expect(written).toMatchObject({ given: TEXT.length, seed: 7, provider: "cpu", model: { name: "language" } });
    expect(written.characters.map(({ text }) => text).join("")).toBe(written.text);
    expect(written.characters).toHaveLength(TEXT.length + 60);
    expect(written.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    const { queue, write, total } = written.timings;
    expect(queue + write).toBeLessThanOrEqual(total + 0.2);
  });

  it("draws a seed and returns it, with which the text can be written again", async () => {
    const first = await expectAnswer(await ask({ text: TEXT, temperature: 1 }));
    expect(first.characters).toHaveLength(TEXT.length + DEFAULT_LENGTH);
    const again = await expectAnswer(await ask({ text: TEXT, temperature: 1, seed: first.seed }));
    expect(again.text).toBe(first.text);
    const other = await expectAnswer(await ask({ text: TEXT, temperature: 1 }));
    expect(other.seed).not.toBe(first.seed);
  });

  it("takes the longest text and continuation, none of either, and the ends of what may be asked", async () => {
    const longest = await ask({
      text: "a".repeat(MAX_TEXT_LENGTH),
      length: MAX_LENGTH,
      temperature: 2,
      seed: MAX_SEED,
    });
    expect((await expectAnswer(longest)).characters).toHaveLength(MAX_TEXT_LENGTH + MAX_LENGTH);
    expect(await expectAnswer(await ask({ text: "", length: 0, temperature: 0, seed: 0 }))).toMatchObject({
      text: "",
      given: 0,
      characters: [],
    });
  });

  it("reads typographic signs as those of a typewriter, and counts what it reads", async () => {
    const { text, given } = await expectAnswer(await ask({ text: "“Café…”", length: 0 }));
    expect(text).toBe('"Cafe..."');
    expect(given).toBe(9);
  });

  it("returns the memories of units", async () => {
    const { characters } = await expectAnswer(await ask({ text: TEXT, length: 2, units: [3, 0] }));
    for (const { memory } of characters) expect(memory).toHaveLength(2);
  });

  it("answers many at once as it answers each alone", async () => {
    const asked = Array.from({ length: 12 }, (_, seed) => ({ text: TEXT.slice(0, seed), length: 20 * seed, seed }));
    const together = await Promise.all(asked.map((body) => ask(body).then(expectAnswer)));
    for (const [i, { text }] of together.entries()) {
      expect(text).toBe((await expectAnswer(await ask(asked[i]))).text);
    }
  });

  it.each([
    ["no text", { length: 3 }, "missing_field", /text is absent/],
    ["another field", { text: TEXT, prompt: "" }, "invalid_field", /no field "prompt"/],
    ["a list for a text", { text: [TEXT] }, "invalid_field", /^text must be a text/],
    ["null for a text", { text: null }, "invalid_field", /^text must be a text/],
    ["less than nothing", { text: TEXT, length: -1 }, "invalid_field", /^length must be a whole number from 0 to 1000/],
    ["1,001 characters", { text: TEXT, length: 1001 }, "invalid_field", /^length must be a whole number/],
    ["half a character", { text: TEXT, length: 1.5 }, "invalid_field", /^length must be a whole number/],
    [
      "a cold temperature",
      { text: TEXT, temperature: -0.1 },
      "invalid_field",
      /^temperature must be a number from 0 to 2/,
    ],
    ["a hot temperature", { text: TEXT, temperature: 2.1 }, "invalid_field", /^temperature must be a number/],
    ["a text for a temperature", { text: TEXT, temperature: "1" }, "invalid_field", /^temperature must be a number/],
    ["a negative seed", { text: TEXT, seed: -1 }, "invalid_field", /^seed must be a whole number/],
    ["a long seed", { text: TEXT, seed: 2 ** 32 }, "invalid_field", /^seed must be a whole number/],
    [
      "nine units",
      { text: TEXT, units: [0, 1, 2, 3, 4, 5, 6, 7, 8] },
      "invalid_field",
      /^units must be a list of at most 8/,
    ],
    ["a unit twice", { text: TEXT, units: [1, 1] }, "invalid_field", /^units must be a list/],
    [
      "a unit that there is not",
      { text: TEXT, units: [TINY_HIDDEN] },
      "invalid_field",
      /^units must be numbers of units/,
    ],
    ["a text for a unit", { text: TEXT, units: ["0"] }, "invalid_field", /^units\[0\] must be/],
    ["a list", [TEXT], "invalid_body", /must be a JSON object/],
    ["broken JSON", '{"text": "', "invalid_body", /not JSON/],
    ["nothing", "", "invalid_body", /empty/],
  ])("refuses %s", async (_, body, code, detail) => {
    await expectProblem(await ask(body), 400, code, detail);
  });

  it("says what would be right", async () => {
    const suggestionFor = async (body: unknown) => (await (await ask(body)).json()).suggestion;
    expect(await suggestionFor({ text: 3 })).toBe("Let text be a text.");
    expect(await suggestionFor({ text: TEXT, length: -1 })).toBe(
      "Let length be a whole number from 0 to 1000, or leave it out.",
    );
    expect(await suggestionFor({ text: TEXT, units: [TINY_HIDDEN] })).toBe(
      `Ask for units from 0 to ${TINY_HIDDEN - 1}.`,
    );
    expect(await suggestionFor({ text: "a".repeat(MAX_TEXT_LENGTH + 1) })).toBe("Send its last 2000 characters alone.");
  });

  it("names the characters that it has never read, and refuses a text that is too long", async () => {
    await expectProblem(await ask({ text: "a ☃ and π" }), 422, "unsupported_characters", /never read: ☃, π/);
    await expectProblem(await ask({ text: "a".repeat(MAX_TEXT_LENGTH + 1) }), 422, "text_too_long", /it has 2001/);
  });

  it("refuses other kinds of body, and those over 2 MiB", async () => {
    const form = { headers: { "content-type": "application/x-www-form-urlencoded" } };
    await expectProblem(await ask("text=a", form), 415, "unsupported_media_type", /x-www-form-urlencoded/);
    await expectProblem(await ask({ text: "a".repeat(2 * 2 ** 20) }), 413, "body_too_large", /2 MiB/);
  });

  it("stops when the client leaves", async () => {
    const controller = new AbortController();
    const work = ask({ text: "a".repeat(MAX_TEXT_LENGTH), length: MAX_LENGTH }, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    expect((await work).status).toBe(499);
  });

  it("answers other methods with 405", async () => {
    const response = await route.GET(new Request("http://localhost/api/language"), {});
    expect(response.headers.get("allow")).toContain("POST");
    await expectProblem(response, 405, "method_not_allowed", /GET/);
  });
});

describe("POST /api/language, overloaded or without its model", () => {
  it("refuses what is more than the queue holds, and answers the rest", async () => {
    await server.stop();
    server = await startTinyServer({ INFERENCE_MAX_QUEUE: "1", INFERENCE_MAX_BATCH: "1" });
    route = await import("./route");
    const responses = await Promise.all(Array.from({ length: 12 }, () => ask({ text: TEXT, length: 1000 })));
    const refused = responses.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(12);
    for (const response of refused) {
      expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
      await expectProblem(response, 503, "overloaded", /./);
    }
  });

  it("says that the model is missing", async () => {
    await server.stop();
    const { language: _, ...others } = TINY_SERVER_MODELS;
    server = await startTinyServer({}, others);
    route = await import("./route");
    await expectProblem(await ask({ text: TEXT }), 503, "model_unavailable", /language/);
  });
});
