import { describe, expect, it } from "vitest";
import { findUnknown, parseCharacters, readText, spell } from "./characters";
import { MAX_TEXT_LENGTH } from "./options";

const JSON_TEXT = JSON.stringify({ characters: "\n \"'-.abcdefé", begin: "\n\n", hidden: 4 });

describe("spell", () => {
  // The same examples stand in training/tests/test_language.py.
  it.each([
    ["“Café…”", '"Cafe..."'],
    ["a\r\nb\rc", "a\nb\nc"],
    ["\ta\u00a0b", " a b"],
    ["‘It’s’ — well–nigh", "'It's' -- well-nigh"],
    ["«naïve»", '"naive"'],
  ])("writes %j as %j", (text, spelled) => {
    expect(spell(text)).toBe(spelled);
  });
});

describe("readText", () => {
  const characters = parseCharacters(JSON_TEXT);

  it("gives ids, and what was read", () => {
    expect(readText("“bé”", characters)).toEqual({ characters: ['"', "b", "e", '"'], ids: [2, 7, 10, 2] });
    expect(readText("", characters)).toEqual({ characters: [], ids: [] });
  });

  it("names what it has never read, each once, and what has no picture by its number", () => {
    expect(findUnknown("aZ☃Z\u0000", characters.idOf)).toEqual(["Z", "☃", "U+0000"]);
    expect(() => readText("aZ☃", characters)).toThrow(/never read: Z, ☃/);
    expect(() => readText("a😀", characters)).toThrow(expect.objectContaining({ code: "unsupported_characters" }));
    expect(() => readText("\ud800", characters)).toThrow(expect.objectContaining({ code: "unsupported_characters" }));
  });

  it("counts characters as they are read", () => {
    expect(readText("a".repeat(MAX_TEXT_LENGTH), characters).ids).toHaveLength(MAX_TEXT_LENGTH);
    expect(() => readText("a".repeat(MAX_TEXT_LENGTH + 1), characters)).toThrow(
      expect.objectContaining({ code: "text_too_long" }),
    );
    expect(() => readText(`${"a".repeat(MAX_TEXT_LENGTH - 1)}—`, characters)).toThrow(/it has 2001/);
  });
});

describe("parseCharacters", () => {
  it.each([
    ["not JSON", "{"],
    ["a list", "[]"],
    ["no characters", "{}"],
    ["a character twice", JSON.stringify({ characters: "aa", begin: "a", hidden: 1 })],
    ["an unknown beginning", JSON.stringify({ characters: "a", begin: "b", hidden: 1 })],
    ["no units", JSON.stringify({ characters: "a", begin: "a", hidden: 0 })],
  ])("refuses %s", (_, json) => {
    expect(() => parseCharacters(json)).toThrow(expect.objectContaining({ code: "model_unavailable" }));
  });
});
