import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectProblem } from "@/lib/server/fixtures/requests";
import { startTinyServer, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { get } from "./fixtures/requests";

let server: TinyServer;

beforeAll(async () => {
  server = await startTinyServer();
});

afterAll(() => server.stop());

describe("GET /api/handwriting", () => {
  it("is a picture that any page can embed and keep", async () => {
    const response = await get({ text: "Hi", seed: "7", style: "slow", color: "#123", strokeWidth: "3", bias: "0.5" });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(response.headers.get("cache-control")).toMatch(/max-age=\d+/);
    const svg = await response.text();
    expect(svg).toContain('stroke="#123" stroke-width="3"');
    expect((await sharp(Buffer.from(svg)).metadata()).format).toBe("svg");
    const etag = response.headers.get("etag") as string;
    const query = { text: "Hi", seed: "7", style: "slow", color: "#123", strokeWidth: "3", bias: "0.5" };
    const unchanged = await get(query, { "if-none-match": `"other", W/${etag}` });
    expect([unchanged.status, await unchanged.text()]).toEqual([304, ""]);
    expect((await get({ ...query, seed: "8" }, { "if-none-match": etag })).status).toBe(200);
    expect(await (await get(query)).text()).toBe(svg);
  });

  it("is not kept without a seed", async () => {
    const response = await get({ text: "Hi", style: "none" });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("etag")).toBeNull();
    expect(await (await get({ text: "Hi" })).text()).not.toBe(await response.text());
  });

  it.each([
    ["seed", "-1"],
    ["seed", "4294967296"],
    ["seed", "1.5"],
    ["seed", ""],
    ["bias", "6"],
    ["bias", "x"],
    ["lineWidth", "9"],
    ["style", "nobody"],
    ["style", ""],
    ["color", "red;stroke:url(x)"],
    ["strokeWidth", "0"],
    ["prime", "{}"],
  ])("refuses %s=%s", async (name, value) => {
    await expectProblem(await get({ text: "a", [name]: value }), 400, "invalid_field", new RegExp(name));
  });

  it("refuses a text that is absent or there twice", async () => {
    await expectProblem(await get({}), 400, "missing_field", /text is absent/);
    await expectProblem(await get("text=a&text=b"), 400, "invalid_field", /more than once/);
  });
});
