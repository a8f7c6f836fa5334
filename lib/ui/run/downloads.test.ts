import { expect, it } from "vitest";
import { addDownloads, missingBytes, parseDownloaded } from "./downloads";

const vision = { name: "vision", bytes: 13_000, sha256: "a" };
const captioning = { name: "captioning", bytes: 10_000, sha256: "b" };
const vqa = { name: "vqa", bytes: 4_000, sha256: "c" };

it("counts the runtime with the first model alone, and the shared model once", () => {
  expect(missingBytes([vision, captioning], {}, undefined)).toBeUndefined();
  expect(missingBytes([vision, captioning], {}, 5_000)).toBe(28_000);
  const downloaded = addDownloads({}, [vision, captioning]);
  expect(missingBytes([vision, captioning], downloaded, undefined)).toBe(0);
  expect(missingBytes([vision, vqa], downloaded, 5_000)).toBe(4_000);
});

it("counts a model again once there is another version of it", () => {
  const downloaded = addDownloads({}, [vision, vqa]);
  expect(missingBytes([vision, { ...vqa, sha256: "d" }], downloaded, 5_000)).toBe(4_000);
});

it("comes back from what it was stored as, and from nonsense as nothing downloaded", () => {
  const downloaded = addDownloads({}, [vision]);
  expect(parseDownloaded(JSON.stringify(downloaded))).toEqual({ vision: "a" });
  for (const nonsense of [null, "", "null", "7", '{"vision":1}', "{"]) expect(parseDownloaded(nonsense)).toEqual({});
});
