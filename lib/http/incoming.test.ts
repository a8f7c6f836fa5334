import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PEER_HEADER } from "./client";
import { prepareRequests } from "./incoming";

let server: Server;

beforeAll(async () => {
  prepareRequests();
  server = createServer(({ url, headers }, response) =>
    response.end(JSON.stringify({ url, peer: headers[PEER_HEADER] })),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function get(path: string): Promise<{ url: string; peer: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ port, path, headers: { [PEER_HEADER]: "6.6.6.6" } }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve(JSON.parse(body));
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("prepareRequests", () => {
  it("puts the connection's address in place of whatever a client says", async () => {
    expect((await get("/")).peer).toMatch(/^(::ffff:)?127\.0\.0\.1$|^::1$/);
  });

  it.each([
    ["/api/x/%", "/api/x/%25"],
    ["/%E0%A4%A?a=%", "/%25E0%25A4%25A?a=%"],
    ["/api/x/%20y?q=1?2", "/api/x/%20y?q=1?2"],
    ["/%C3%A9", "/%C3%A9"],
  ])("hands on %s as %s", async (sent, received) => {
    expect((await get(sent)).url).toBe(received);
  });
});
