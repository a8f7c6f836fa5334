import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectProblem } from "@/lib/server/fixtures/requests";
import { startTinyServer, TINY_SERVER_MODELS, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { TINY_ANSWERS, TINY_HOPS } from "@/lib/stories/fixtures/tiny-models";
import { type StoriesResponse, storiesResponseSchema } from "./schema";

let server: TinyServer;
let route: typeof import("./route");

beforeAll(async () => {
  server = await startTinyServer();
  route = await import("./route");
});

afterAll(() => server.stop());

const STORY = ["Mary went to the kitchen.", "John took the milk."];
const WHERE = "Where is Mary?";

function request(body: unknown, init: RequestInit = {}): Request {
  return new Request("http://localhost/api/stories", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
}

const ask = (body: unknown, init?: RequestInit) => route.POST(request(body, init), {});

async function expectAnswer(response: Response): Promise<StoriesResponse> {
  expect(response.status, await response.clone().text()).toBe(200);
  return storiesResponseSchema.parse(await response.json());
}

describe("POST /api/stories", () => {
  it("answers as the API says", async () => {
    const response = await ask({ story: STORY, question: WHERE });
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const answered = await expectAnswer(response);
    expect(answered.answers).toHaveLength(3);
    expect(answered.hops).toHaveLength(TINY_HOPS);
    for (const hop of answered.hops) {
      expect(hop).toHaveLength(2);
      expect(hop.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    }
    expect(answered).toMatchObject({ unknownWords: [], provider: "cpu", model: { name: "stories" } });
    expect(answered.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    const { queue, answer, total } = answered.timings;
    expect(queue + answer).toBeLessThanOrEqual(total + 0.2);
  });

  it("takes the longest story, as many answers as there are, and words that it does not know", async () => {
    const longest = Array.from({ length: 100 }, () => "a".repeat(200));
    const answered = await expectAnswer(await ask({ story: longest, question: "Кто 9?", count: 20 }));
    expect(answered.answers).toHaveLength(TINY_ANSWERS.length);
    expect(answered.hops[0]).toHaveLength(100);
    expect(answered.unknownWords).toEqual(["a".repeat(200), "кто", "9"]);
  });

  it("answers many at once as it answers each alone", async () => {
    const asked = Array.from({ length: 12 }, (_, i) => ({ story: STORY.slice(0, 1 + (i % 2)), question: WHERE }));
    const together = await Promise.all(asked.map((body) => ask(body).then(expectAnswer)));
    for (const [i, { answers }] of together.entries()) {
      const alone = await expectAnswer(await ask(asked[i]));
      expect(answers.map(({ text }) => text)).toEqual(alone.answers.map(({ text }) => text));
    }
  });

  it.each([
    ["no story", { question: WHERE }, "missing_field", /story is absent/],
    ["no question", { story: STORY }, "missing_field", /question is absent/],
    ["another field", { story: STORY, question: WHERE, hops: 3 }, "invalid_field", /no field "hops"/],
    ["a text for a story", { story: STORY[0], question: WHERE }, "invalid_field", /^story must be a list of 1 to 100/],
    ["an empty story", { story: [], question: WHERE }, "invalid_field", /^story must be a list of 1 to 100/],
    ["101 sentences", { story: Array(101).fill("Yes."), question: WHERE }, "invalid_field", /it was a list of 101/],
    ["an empty sentence", { story: ["Yes.", " "], question: WHERE }, "invalid_field", /^story\[1\] must have a word/],
    ["a sentence of signs", { story: ["?!…"], question: WHERE }, "invalid_field", /^story\[0\] must have a word/],
    ["a long sentence", { story: ["a".repeat(201)], question: WHERE }, "invalid_field", /at most 200 characters/],
    [
      "a number among sentences",
      { story: ["Yes.", 7], question: WHERE },
      "invalid_field",
      /^story\[1\] must be a text/,
    ],
    ["null for a sentence", { story: [null], question: WHERE }, "invalid_field", /^story\[0\] must be a text/],
    ["a question of spaces", { story: STORY, question: "   " }, "invalid_field", /^question must have a word/],
    ["a long question", { story: STORY, question: "a".repeat(201) }, "invalid_field", /at most 200 characters/],
    ["a list for a question", { story: STORY, question: [WHERE] }, "invalid_field", /^question must be a text/],
    ["no answers", { story: STORY, question: WHERE, count: 0 }, "invalid_field", /^count must be a whole number/],
    ["21 answers", { story: STORY, question: WHERE, count: 21 }, "invalid_field", /^count must be a whole number/],
    ["half an answer", { story: STORY, question: WHERE, count: 1.5 }, "invalid_field", /^count must be a whole number/],
    ["a text for a count", { story: STORY, question: WHERE, count: "3" }, "invalid_field", /^count must be a whole/],
    ["a list", [STORY], "invalid_body", /must be a JSON object/],
    ["broken JSON", '{"story": [', "invalid_body", /not JSON/],
    ["nothing", "", "invalid_body", /empty/],
  ])("refuses %s", async (_, body, code, detail) => {
    await expectProblem(await ask(body), 400, code, detail);
  });

  it("refuses other kinds of body, and those over 2 MiB", async () => {
    const form = { headers: { "content-type": "application/x-www-form-urlencoded" } };
    await expectProblem(await ask("story=a", form), 415, "unsupported_media_type", /x-www-form-urlencoded/);
    const large = { story: ["a".repeat(2 * 2 ** 20)], question: WHERE };
    await expectProblem(await ask(large), 413, "body_too_large", /2 MiB/);
  });

  it("answers other methods with 405", async () => {
    const response = await route.GET(new Request("http://localhost/api/stories"), {});
    expect(response.headers.get("allow")).toContain("POST");
    await expectProblem(response, 405, "method_not_allowed", /GET/);
  });
});

describe("POST /api/stories, overloaded or without its model", () => {
  it("refuses what is more than the queue holds, and answers the rest", async () => {
    await server.stop();
    server = await startTinyServer({ INFERENCE_MAX_QUEUE: "1", INFERENCE_MAX_BATCH: "1" });
    route = await import("./route");
    const responses = await Promise.all(Array.from({ length: 12 }, () => ask({ story: STORY, question: WHERE })));
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
    const { stories: _, ...others } = TINY_SERVER_MODELS;
    server = await startTinyServer({}, others);
    route = await import("./route");
    const response = await ask({ story: STORY, question: WHERE });
    await expectProblem(response, 503, "model_unavailable", /stories/);
  });
});
