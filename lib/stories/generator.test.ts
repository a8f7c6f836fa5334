import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type GeneratedStory, generateStory, STORY_KINDS, type StoryKind } from "./generator";
import { MAX_SENTENCES } from "./options";
import { parseVocabulary, UNKNOWN } from "./vocabulary";
import { splitWords } from "./words";

/** Numbers that follow from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const tell = (kind: StoryKind, count = 60) =>
  Array.from({ length: count }, (_, seed) => generateStory(kind, randomFrom(seed)));

/** Works the answer out from the sentences alone, another way than the generator does. */
function solve({ story, question }: GeneratedStory): string {
  const place = new Map<string, string>();
  const holder = new Map<string, string>();
  const trail = new Map<string, string[]>();
  const maybe = new Map<string, string[]>();
  let taken: [string, string][] = [];
  const note = (thing: string, where: string | undefined) => {
    const past = trail.get(thing) ?? [];
    if (where !== undefined && past.at(-1) !== where) trail.set(thing, [...past, where]);
  };
  for (const sentence of story) {
    const words = splitWords(sentence);
    const [who = ""] = words;
    if (words.includes("either")) maybe.set(who, [words[5] as string, words.at(-1) as string]);
    else if (words.includes("to")) {
      place.set(who, words.at(-1) as string);
      maybe.set(who, [words.at(-1) as string]);
      for (const [thing, person] of holder) if (person === who) note(thing, place.get(who));
    } else if (/took|got|grabbed/.test(sentence)) {
      const thing = words[3] as string;
      holder.set(thing, who);
      taken.push([who, thing]);
      note(thing, place.get(who));
    } else if (/dropped|discarded|left/.test(sentence)) {
      holder.delete(words[3] as string);
      taken = taken.filter(([, thing]) => thing !== words[3]);
    }
  }
  const asked = splitWords(question);
  const held = taken.filter(([who]) => asked.includes(who)).map(([, thing]) => thing);
  if (question.includes("afraid")) {
    const kind = splitWords(story.find((each) => each.toLowerCase().startsWith(asked[2] as string)) as string).at(-1);
    const plural = { mouse: "mice", cat: "cats", wolf: "wolves", sheep: "sheep" } as Record<string, string>;
    const fear = story.find((each) => each.toLowerCase().startsWith(plural[kind as string] as string)) as string;
    return Object.keys(plural).find((one) => plural[one] === splitWords(fear).at(-1)) as string;
  }
  if (question.includes("many")) return ["none", "one", "two", "three"][held.length] as string;
  if (question.includes("carrying")) return held.join(",") || "nothing";
  if (question.includes("before")) {
    const trailOf = trail.get(asked[3] as string) ?? [];
    return trailOf[trailOf.lastIndexOf(asked.at(-1) as string) - 1] as string;
  }
  if (question.startsWith("Is ")) {
    const possible = maybe.get(asked[1] as string) ?? [];
    return !possible.includes(asked.at(-1) as string) ? "no" : possible.length === 1 ? "yes" : "maybe";
  }
  const last = asked.at(-1) as string;
  return place.get(last) ?? (trail.get(last)?.at(-1) as string);
}

it.each(STORY_KINDS)("tells stories of the kind %s whose answer follows from them", (kind) => {
  for (const told of tell(kind)) expect(solve(told), JSON.stringify(told)).toBe(told.answer);
});

it.each(STORY_KINDS)(
  "tells many different stories of the kind %s, with more than one answer, none too long",
  (kind) => {
    const told = tell(kind);
    expect(new Set(told.map(({ story }) => story.join(" "))).size).toBe(told.length);
    expect(new Set(told.map(({ answer }) => answer)).size).toBeGreaterThan(1);
    for (const { story } of told) {
      expect(story.length).toBeGreaterThanOrEqual(2);
      expect(story.length).toBeLessThanOrEqual(MAX_SENTENCES);
    }
  },
);

it("uses words and answers that the model knows", () => {
  const { idOf, answers } = parseVocabulary(readFileSync("models/stories/vocabulary.json", "utf8"));
  for (const { story, question, answer } of STORY_KINDS.flatMap((kind) => tell(kind, 20))) {
    const words = [...story, question].flatMap(splitWords);
    expect(words.filter((word) => idOf(word) === UNKNOWN)).toEqual([]);
    expect(answers).toContain(answer);
  }
});
