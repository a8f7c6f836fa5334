import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TINY_STYLES } from "@/lib/handwriting/fixtures/tiny-models";
import { expectProblem } from "@/lib/server/fixtures/requests";
import { startTinyServer, type TinyServer } from "@/lib/server/fixtures/tiny-server";
import { handwritingStylesSchema } from "../schema";

let server: TinyServer;
let route: typeof import("./route");

beforeAll(async () => {
  server = await startTinyServer();
  route = await import("./route");
});

afterAll(() => server.stop());

describe("GET /api/handwriting/styles", () => {
  it("lists the hands, each as it writes", async () => {
    const fetchStyles = () => route.GET(new Request("http://localhost/api/handwriting/styles"), {});
    const listed = handwritingStylesSchema.parse(await (await fetchStyles()).json());
    expect(listed.styles.map(({ id }) => id)).toEqual(TINY_STYLES);
    for (const { preview } of listed.styles) expect(preview).toMatch(/^<svg .*<\/svg>$/s);
    expect(await (await fetchStyles()).json()).toEqual(listed);
    const response = await route.POST(new Request("http://localhost/api/handwriting/styles", { method: "POST" }), {});
    await expectProblem(response, 405, "method_not_allowed", /POST/);
  });
});
