import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beamSearch, editDistances } from "./reader";

const logs = (rows: readonly (readonly number[])[]) => rows.map((row) => Float32Array.from(row, Math.log));

/** The probability of each text, by going through all paths. */
function bruteForce(rows: readonly (readonly number[])[]): Map<string, number> {
  let paths: [path: number[], probability: number][] = [[[], 1]];
  for (const row of rows) {
    paths = paths.flatMap(([path, p]) => row.map((q, id): [number[], number] => [[...path, id], p * q]));
  }
  const texts = new Map<string, number>();
  for (const [path, probability] of paths) {
    const text = path.filter((id, index) => id !== 0 && id !== path[index - 1]).join();
    texts.set(text, (texts.get(text) ?? 0) + probability);
  }
  return texts;
}

describe("beamSearch", () => {
  it("finds the likeliest text, whose paths need not be likely", () => {
    // "1" is likelier than nothing, although the likeliest path is blank.
    expect(
      beamSearch(
        logs([
          [0.6, 0.4],
          [0.6, 0.4],
        ]),
      ),
    ).toEqual([1]);
    expect(
      beamSearch(
        logs([
          [0.1, 0.9],
          [0.9, 0.1],
          [0.1, 0.9],
        ]),
      ),
    ).toEqual([1, 1]);
    expect(
      beamSearch(
        logs([
          [0.1, 0.9],
          [0.2, 0.8],
        ]),
      ),
    ).toEqual([1]);
    expect(beamSearch([])).toEqual([]);
  });

  it("finds what going through all paths finds", () => {
    const row = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (weights) => {
        const rows = weights.map((each) => each.map((w) => w / each.reduce((sum, v) => sum + v, 0)));
        const texts = bruteForce(rows);
        const found = texts.get(beamSearch(logs(rows)).join()) ?? 0;
        // The beam forgets texts that are unlikely for the time being.
        expect(found).toBeGreaterThan(0.9 * Math.max(...texts.values()));
      }),
    );
  });
});

describe("editDistances", () => {
  it("counts from each beginning", () => {
    expect(editDistances("kitten", "sitting")).toEqual([7, 7, 6, 5, 4, 4, 3]);
    expect(editDistances("", "ab")).toEqual([2]);
    expect(editDistances("ab", "")).toEqual([0, 1, 2]);
    expect(editDistances("one two", "one").indexOf(0)).toBe(3);
  });
});
