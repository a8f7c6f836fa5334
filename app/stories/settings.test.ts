import { expect, it } from "vitest";
import { MAX_SENTENCE_LENGTH, MAX_SENTENCES } from "@/lib/stories/options";
import { formatShared, MAX_QUERY_LENGTH, parseShared } from "./settings";

const TEXT = { story: ["Mary went to the kitchen.", "John & Mary left?"], question: "Where is Mary?" };

it("reads what it wrote", () => {
  const query = new URLSearchParams(formatShared(TEXT, "device"));
  expect(parseShared(Object.fromEntries(query))).toEqual({ ...TEXT, runOn: "device" });
});

it("reads a story of one sentence, and passes over what cannot be used", () => {
  expect(parseShared({ story: "Mary left." })).toEqual({ story: ["Mary left."] });
  expect(parseShared({ story: "?!\n\n", question: ["a", "b"], runOn: "moon" })).toEqual({});
  expect(parseShared({ story: ["a", "b"] })).toEqual({});
  const { story = [] } = parseShared({ story: `${"a".repeat(MAX_SENTENCE_LENGTH + 1)}\n`.repeat(MAX_SENTENCES + 1) });
  expect(story).toHaveLength(MAX_SENTENCES);
  expect(story[0]).toHaveLength(MAX_SENTENCE_LENGTH);
});

it("makes no link that would be cut off", () => {
  const story = Array(MAX_SENTENCES).fill("a".repeat(MAX_SENTENCE_LENGTH));
  expect(formatShared({ ...TEXT, story }, "auto")).toBeUndefined();
  expect((formatShared({ ...TEXT, story: story.slice(0, 20) }, "auto") as string).length).toBeLessThan(
    MAX_QUERY_LENGTH,
  );
});
