import { afterEach, expect, it, vi } from "vitest";
import { InklingError } from "@/lib/inference/errors";
import { fetchOwn } from "./fetch-api";
import { runAt } from "./run";

const answer = { timings: { total: 7 } };
const signal = new AbortController().signal;
const failing = (code: "internal" | "invalid_image") => async () => {
  throw new InklingError(code, "It broke.", "Mend it.");
};
/** As a page asks when there is no network. */
const unreachable = async () => {
  await fetchOwn("/api/captioning", { signal });
  return answer;
};

afterEach(() => {
  vi.unstubAllGlobals();
});

function cutNetwork() {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
}

it("takes the server when the device fails, and says why", async () => {
  const ways = { device: failing("internal"), server: async () => answer };
  expect(await runAt("device", ways, { here: true, signal })).toMatchObject({
    response: answer,
    place: "server",
    fallback: "It did not run on this device: It broke. The server answered instead.",
  });
});

it("sends no photo to the server that cannot be read here", async () => {
  const ways = { device: failing("invalid_image"), server: vi.fn() };
  await expect(runAt("device", ways, { here: true, signal })).rejects.toMatchObject({ code: "invalid_image" });
  expect(ways.server).not.toHaveBeenCalled();
});

it("takes the device when the server cannot be reached and the model is here", async () => {
  cutNetwork();
  const ways = { device: async () => answer, server: unreachable };
  expect(await runAt("server", ways, { here: true, signal })).toEqual({
    response: answer,
    place: "device",
    milliseconds: 7,
    fallback: "The server cannot be reached: this device answered instead.",
  });
});

it("says what needs the server, and what to do", async () => {
  cutNetwork();
  const absent = { device: vi.fn(), server: unreachable };
  await expect(runAt("server", absent, { here: false, signal })).rejects.toMatchObject({
    detail: "The server cannot be reached, and the model is not on this device.",
    suggestion: expect.stringContaining("without a network"),
  });
  expect(absent.device).not.toHaveBeenCalled();
  const broken = { device: failing("internal"), server: unreachable };
  await expect(runAt("device", broken, { here: true, signal })).rejects.toMatchObject({
    detail: "It did not run on this device: It broke. The server cannot be reached either.",
  });
});

it("does not take the device for what the server refuses", async () => {
  const ways = { device: vi.fn(), server: failing("internal") };
  await expect(runAt("server", ways, { here: true, signal })).rejects.toThrow("It broke.");
  expect(ways.device).not.toHaveBeenCalled();
});
