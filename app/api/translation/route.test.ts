import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectProblem } from "@/lib/server/fixtures/requests";
import { startTinyServer, TINY_SERVER_MODELS, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { type TranslationResponse, translationResponseSchema } from "./schema";

let server: TinyServer;
let route: typeof import("./route");

beforeAll(async () => {
  server = await startTinyServer();
  route = await import("./route");
});

afterAll(() => server.stop());

const TEXT = "Where is the station?";

function request(body: unknown, init: RequestInit = {}): Request {
  return new Request("http://localhost/api/translation", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
}

const ask = (body: unknown, init?: RequestInit) => route.POST(request(body, init), {});

async function expectTranslation(response: Response): Promise<TranslationResponse> {
  expect(response.status, await response.clone().text()).toBe(200);
  return translationResponseSchema.parse(await response.json());
}

describe("POST /api/translation", () => {
  it("answers as the API says", async () => {
    const response = await ask({ text: TEXT });
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const translated = await expectTranslation(response);
    expect(translated.translations).toHaveLength(3);
    expect(translated.source.slice(0, -1).join("").trim()).toBe(TEXT);
    for (const { attention } of translated.translations.flatMap(({ tokens }) => tokens)) {
      expect(attention).toHaveLength(translated.source.length);
    }
    expect(translated).toMatchObject({ provider: "cpu", model: { name: "translation" } });
    expect(translated.words).toBeUndefined();
    const { queue, translate, total } = translated.timings;
    expect(queue + translate).toBeLessThanOrEqual(total + 0.2);
  });

  it("takes each variant, the widest beam, alternatives, and the longest text", async () => {
    const plain = await expectTranslation(
      await ask({ text: "I'm 200. ".repeat(30).slice(0, 200), variant: "plain", beamWidth: 10, count: 10 }),
    );
    expect(plain.translations).toHaveLength(10);
    expect(plain.translations[0]?.tokens[0]?.attention).toBeUndefined();
    const narrow = await expectTranslation(await ask({ text: TEXT, beamWidth: 1, alternatives: 5 }));
    expect(narrow.translations).toHaveLength(1);
    expect(narrow.words?.map(({ text }) => text).join(" ")).toBe(narrow.translations[0]?.text);
  });

  it("translates many at once as it translates each alone", async () => {
    const asked = Array.from({ length: 12 }, (_, i) => ({
      text: TEXT.slice(0, 5 + i),
      variant: i % 2 ? "plain" : "attention",
    }));
    const together = await Promise.all(asked.map((body) => ask(body).then(expectTranslation)));
    for (const [i, { translations }] of together.entries()) {
      const alone = await expectTranslation(await ask(asked[i]));
      expect(translations.map(({ text }) => text)).toEqual(alone.translations.map(({ text }) => text));
    }
  });

  it.each([
    ["no text", {}, 400, "missing_field", /text is absent/],
    ["another field", { text: TEXT, beam: 3 }, 400, "invalid_field", /no field "beam"/],
    ["a list for a text", { text: [TEXT] }, 400, "invalid_field", /^text must be a text/],
    ["an empty text", { text: "" }, 400, "invalid_field", /it was empty/],
    ["a text of spaces", { text: " \n " }, 400, "invalid_field", /spaces alone/],
    ["201 characters", { text: "a".repeat(201) }, 422, "text_too_long", /it has 201/],
    ["Russian", { text: "Где вокзал?" }, 422, "unsupported_characters", /Г, д, е/],
    ["a picture", { text: "hi 🐶" }, 422, "unsupported_characters", /🐶/],
    ["another variant", { text: TEXT, variant: "best" }, 400, "invalid_field", /"attention" or "plain"/],
    ["no beam", { text: TEXT, beamWidth: 0 }, 400, "invalid_field", /^beamWidth must be a whole number/],
    ["too wide a beam", { text: TEXT, beamWidth: 11 }, 400, "invalid_field", /^beamWidth must be a whole number/],
    ["half a beam", { text: TEXT, beamWidth: 2.5 }, 400, "invalid_field", /^beamWidth must be a whole number/],
    ["no translations", { text: TEXT, count: 0 }, 400, "invalid_field", /^count must be a whole number/],
    ["more than the beam", { text: TEXT, beamWidth: 2, count: 3 }, 400, "invalid_field", /^count must be at most/],
    ["a text for a count", { text: TEXT, count: "3" }, 400, "invalid_field", /^count must be a whole number/],
    ["6 alternatives", { text: TEXT, alternatives: 6 }, 400, "invalid_field", /^alternatives must be a whole/],
    ["a list", [TEXT], 400, "invalid_body", /must be a JSON object/],
    ["broken JSON", '{"text": ', 400, "invalid_body", /not JSON/],
    ["nothing", "", 400, "invalid_body", /empty/],
  ])("refuses %s", async (_, body, status, code, detail) => {
    await expectProblem(await ask(body), status, code, detail);
  });

  it("refuses other kinds of body, and those over 2 MiB", async () => {
    const form = { headers: { "content-type": "application/x-www-form-urlencoded" } };
    await expectProblem(await ask("text=a", form), 415, "unsupported_media_type", /x-www-form-urlencoded/);
    await expectProblem(await ask({ text: "a".repeat(2 * 2 ** 20) }), 413, "body_too_large", /2 MiB/);
  });

  it("answers other methods with 405", async () => {
    const response = await route.GET(new Request("http://localhost/api/translation"), {});
    expect(response.headers.get("allow")).toContain("POST");
    await expectProblem(response, 405, "method_not_allowed", /GET/);
  });
});

describe("POST /api/translation, overloaded or without its model", () => {
  it("refuses what is more than the queue holds, and answers the rest", async () => {
    await server.stop();
    server = await startTinyServer({ INFERENCE_MAX_QUEUE: "1", INFERENCE_MAX_BATCH: "1" });
    route = await import("./route");
    const responses = await Promise.all(Array.from({ length: 12 }, () => ask({ text: TEXT })));
    const refused = responses.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(12);
    for (const response of refused) {
      expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
      await expectProblem(response, 503, "overloaded", /waiting/);
    }
  });

  it("says that the model is missing", async () => {
    await server.stop();
    const { translation: _, ...others } = TINY_SERVER_MODELS;
    server = await startTinyServer({}, others);
    route = await import("./route");
    await expectProblem(await ask({ text: TEXT }), 503, "model_unavailable", /translation/);
  });
});
