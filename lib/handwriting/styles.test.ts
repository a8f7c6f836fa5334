import { describe, expect, it } from "vitest";
import { TINY_STYLES, TINY_WRITER } from "./fixtures/tiny-models";
import { parseStyles, styleVector } from "./styles";

const JSON_TEXT = TINY_WRITER.handwriting["handwriting/styles.json"] as string;

describe("parseStyles", () => {
  it("reads what the export writes", () => {
    const styles = parseStyles(JSON_TEXT);
    expect(styles.styles.map(({ id }) => id)).toEqual(TINY_STYLES);
    expect([styles.idOf(" "), styles.idOf("~"), styles.idOf("é")]).toEqual([1, 95, undefined]);
    expect(styleVector(styles, "slow")).toEqual([-0.5, 0]);
    expect(styleVector(styles, null)).toEqual(styles.unprimed);
    expect(() => styleVector(styles, "nobody")).toThrow(expect.objectContaining({ code: "invalid_field" }));
  });

  it.each([
    ["text", "styles"],
    ["a list", "[]"],
    ["no styles", JSON.stringify({ ...JSON.parse(JSON_TEXT), styles: [] })],
    ["a vector of another length", JSON.stringify({ ...JSON.parse(JSON_TEXT), unprimed: [0] })],
    ["no length of a dream", JSON.stringify({ ...JSON.parse(JSON_TEXT), dreamPoints: undefined })],
    ["a band that holds no line", JSON.stringify({ ...JSON.parse(JSON_TEXT), band: [1, 5] })],
  ])("refuses %s", (_, json) => {
    expect(() => parseStyles(json)).toThrow(expect.objectContaining({ code: "model_unavailable" }));
  });
});
