import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { assertPortIsFree, parsePort } from "./port.mjs";

describe("parsePort", () => {
  it("is 3000 where nothing is said", () => {
    expect([parsePort(undefined), parsePort(""), parsePort("8080")]).toEqual([3000, 3000, 8080]);
  });

  it.each(["0", "65536", "-1", "3e3", "http", "80 80"])("refuses %j in one sentence", (value) => {
    expect(() => parsePort(value)).toThrow(`PORT is "${value}", which is no port: choose one`);
  });
});

describe("assertPortIsFree", () => {
  it("says what to do about a port that is taken, and leaves a free one free", async () => {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, resolve));
    const { port } = server.address();
    await expect(assertPortIsFree(port)).rejects.toThrow(
      /^Port \d+ is taken: stop .* or choose another, such as PORT=/,
    );
    await new Promise((resolve) => server.close(resolve));
    await assertPortIsFree(port);
    await assertPortIsFree(port);
  });
});
