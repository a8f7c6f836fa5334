import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InklingError } from "@/lib/inference/errors";
import { MAX_TEXT_LENGTH } from "./options";
import { checkText, normalizeText } from "./text";
import { parseVocabulary } from "./vocabulary";

// What `normalize_english` of training/translation/vocabulary.py gives, as its test holds too.
it.each([
  ["  “It’s a café…” ", '"It\'s a cafe..."'],
  ["naïve — 5 ½\u00a0km", "naive - 5 1⁄2 km"],
  ["ﬁne\n\ttext", "fine text"],
  ["  ", ""],
])("writes %j as training has seen English", (text, normalized) => {
  expect(normalizeText(text)).toBe(normalized);
});

describe("checkText", () => {
  it("lets what has been learned pass, up to the longest text", () => {
    expect(checkText("Where’s the station?")).toBe("Where's the station?");
    expect(checkText("e\u0301".repeat(MAX_TEXT_LENGTH))).toBe("e".repeat(MAX_TEXT_LENGTH));
    expect(checkText("?!")).toBe("?!");
  });

  it("lets no sign pass that the model of the repository has not learned", () => {
    const { idOf } = parseVocabulary(readFileSync("models/translation/vocabulary.json", "utf8"));
    const signs = Array.from({ length: 0x500 }, (_, code) => String.fromCodePoint(code + 33)).filter((sign) => {
      try {
        return checkText(sign) !== "";
      } catch {
        return false;
      }
    });
    expect(signs.length).toBeGreaterThan(70);
    for (const sign of signs) {
      for (const each of checkText(sign)) expect(idOf(each), each).toBeDefined();
    }
  });

  it.each([
    ["", "invalid_field", /it was empty/],
    [" \n", "invalid_field", /spaces alone/],
    ["a".repeat(MAX_TEXT_LENGTH + 1), "text_too_long", /it has 201/],
    ["Где вокзал?", "unsupported_characters", /Г, д, е, в, о/],
    ["good 🐶 #1", "unsupported_characters", /🐶, #/],
    ["half \ud83d", "unsupported_characters", /U\+D83D/],
    ["nul \u0000", "unsupported_characters", /U\+0000/],
  ])("refuses %j", (text, code, detail) => {
    let thrown: unknown;
    try {
      checkText(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InklingError);
    expect(thrown).toMatchObject({ code, detail: expect.stringMatching(detail) });
  });
});
