import { afterEach, expect, it, vi } from "vitest";
import { InklingError } from "@/lib/inference/errors";
import { cameraError, openCamera } from "./camera";

afterEach(() => vi.unstubAllGlobals());

it.each([
  ["NotAllowedError", /may not be used/, /Allow it/],
  ["NotFoundError", /No camera/, /Connect one/],
  ["OverconstrainedError", /no longer there/, /another/],
  ["NotReadableError", /in use/, /Close that program/],
  ["AbortError", /could not be opened/, /restart/],
])("says what to do about %s", (name, detail, suggestion) => {
  const error = cameraError(new DOMException("", name));
  expect(error.detail).toMatch(detail);
  expect(error.suggestion).toMatch(suggestion);
});

it("says what to do where the page has no cameras because of how it came", async () => {
  vi.stubGlobal("navigator", {});
  const error = await openCamera({}).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(InklingError);
  expect(error.detail).toContain("HTTPS");
  expect(error.suggestion).toContain("localhost");
});
