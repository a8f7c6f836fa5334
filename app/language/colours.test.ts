import { expect, it } from "vitest";
import { backgroundOf, describe as describeCharacter, legendOf, meanSurprise, nameOf } from "./colours";
import { SHOWN_UNITS, UNITS } from "./units";

const memory = UNITS.map(({ low, high }, index) => (index === 0 ? low : high));

it("colours surprises by their bits, and units by what they hold", () => {
  expect(backgroundOf({ text: "a", surprise: 0 }, "surprise")).toBeUndefined();
  const [mild, strong, stronger] = [2, 8, 20].map((surprise) => backgroundOf({ text: "a", surprise }, "surprise"));
  expect(mild).not.toBe(strong);
  expect(stronger).toBe(strong);
  expect(backgroundOf({ text: "a", surprise: 1, memory }, 0)).toContain("--ink");
  expect(backgroundOf({ text: "a", surprise: 1, memory }, 1)).toContain("--seen");
  expect(legendOf("surprise").at(-1)?.[0]).toBe(strong);
  expect(legendOf(0)).toHaveLength(5);
});

it("says what is known of a character", () => {
  expect(nameOf("\n")).toBe("a line break");
  const said = describeCharacter({ text: "q", surprise: 1, memory }, true);
  expect(said).toContain("“q”, yours: 1.0 bit, as the model gave it 50 %");
  for (const { label } of UNITS) expect(said).toContain(label);
  expect(describeCharacter({ text: "q", surprise: 13, memory }, false)).toContain("1 in 8,192");
  expect(describeCharacter({ text: "q", surprise: 8, memory }, false)).toContain("0.4 %");
});

it("shows every unit once, that of the line's length first", () => {
  expect([...SHOWN_UNITS].sort((a, b) => a - b)).toEqual([...UNITS.keys()]);
  expect(UNITS[SHOWN_UNITS[0] as number]?.label).toBe("the line's length");
});

it("averages what there is", () => {
  expect(meanSurprise([])).toBeUndefined();
  expect(
    meanSurprise([
      { text: "a", surprise: 1 },
      { text: "b", surprise: 2 },
    ]),
  ).toBe(1.5);
});
