import { expect, it } from "vitest";
import { splitWords } from "./words";

// What `words_of` of training/data/babi.py gives, as its test holds too.
it.each([
  ["Mary moved to the bathroom.", ["mary", "moved", "to", "the", "bathroom"]],
  ["  What's NORTH-west of Büro_7?", ["what", "s", "north", "west", "of", "büro", "7"]],
  ["Мэри пошла на кухню!", ["мэри", "пошла", "на", "кухню"]],
  ["…—!", []],
])("splits %j into words", (sentence, words) => {
  expect(splitWords(sentence)).toEqual(words);
});
