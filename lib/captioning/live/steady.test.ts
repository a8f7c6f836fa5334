import { describe, expect, it } from "vitest";
import { addFrame, addStill, readingTime, type Scored, type Steady } from "./steady";

const caption = (text: string, logProbability: number): Scored => ({ text, logProbability });
const frame = (...captions: [string, number][]) =>
  captions.map(([text, logProbability]) => caption(text, logProbability)) as [Scored, ...Scored[]];

/** Four frames a second; what is shown after each. */
function watch(frames: readonly (readonly [Scored, ...Scored[]])[]): string[] {
  let steady: Steady<Scored> | undefined;
  return frames.map((captions, index) => {
    steady = addFrame(steady, captions, index * 250);
    return steady.shown.text;
  });
}

const changes = (shown: readonly string[]) => shown.filter((text, index) => index > 0 && text !== shown[index - 1]);

const DOG: [Scored, ...Scored[]] = frame(
  ["a dog runs through the grass", -8],
  ["a brown dog runs through grass", -8.2],
  ["a dog is running in a field", -9],
);
const BROWN: [Scored, ...Scored[]] = frame(
  ["a brown dog runs through grass", -8],
  ["a dog runs through the grass", -8.25],
  ["a dog is running in a field", -9],
);
const CAT: [Scored, ...Scored[]] = frame(
  ["a cat is laying on a bed", -9],
  ["a cat is on a bed", -9.6],
  ["a kitten sits on a couch", -10.5],
);

describe("addFrame", () => {
  it("does not flicker between captions that are nearly as good", () => {
    expect(changes(watch(Array.from({ length: 40 }, (_, index) => (index % 2 ? DOG : BROWN))))).toEqual([]);
  });

  it("gives way to one that stays the better by a little", () => {
    const shown = watch([DOG, ...Array.from({ length: 30 }, () => BROWN)]);
    expect(changes(shown)).toEqual(["a brown dog runs through grass"]);
    // A quarter a frame: eight of them.
    expect(shown.indexOf("a brown dog runs through grass")).toBe(8);
  });

  it("follows another scene as soon as the caption could be read", () => {
    const shown = watch([DOG, CAT, CAT, CAT, CAT, CAT]);
    expect(changes(shown)).toEqual(["a cat is laying on a bed"]);
    expect(shown.indexOf("a cat is laying on a bed")).toBe(4);
  });

  it("does not follow a single frame", () => {
    expect(changes(watch([DOG, DOG, DOG, DOG, CAT, DOG, DOG, DOG]))).toEqual([]);
  });

  it("takes over the newest probabilities of the caption that stays", () => {
    const first = addFrame(undefined, DOG, 0);
    const better = frame(["a dog runs through the grass", -6], ["a dog", -9]);
    expect(addFrame(first, better, 250)).toMatchObject({ shown: better[0], since: 0 });
  });
});

describe("addStill", () => {
  it("ends with the picture's own caption where the picture stands still after one frame", () => {
    let steady = addFrame(addFrame(undefined, DOG, 0), CAT, 250);
    expect(steady.shown).toBe(DOG[0]);
    for (let now = 283; now < 1000; now += 33) steady = addStill(steady, now);
    expect(steady).toMatchObject({ shown: CAT[0] });
    expect(steady.since).toBeGreaterThanOrEqual(readingTime(DOG[0].text));
  });

  it("changes nothing where the caption shown is the best", () => {
    const steady = addFrame(undefined, DOG, 0);
    expect(addStill(steady, 60_000)).toBe(steady);
  });
});

it("gives longer captions longer", () => {
  expect(readingTime("a dog")).toBe(900);
  expect(readingTime("a man in a red shirt is standing in front of a house")).toBe(13 * 130);
});
