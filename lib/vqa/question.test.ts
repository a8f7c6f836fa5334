import { describe, expect, it } from "vitest";
import { splitQuestion } from "./question";

describe("splitQuestion", () => {
  // What `tokenize` of training/vqa/vocabulary.py gives.
  it.each([
    ["What’s on the man's T-shirt?", ["what", "'s", "on", "the", "man", "'s", "t", "shirt"]],
    ["How many dogs are there?", ["how", "many", "dogs", "are", "there"]],
    ["  WHAT   colour\tis\nit ", ["what", "colour", "is", "it"]],
    ["Isn't it the dogs' ball?", ["isn", "'t", "it", "the", "dogs", "ball"]],
    [
      "he'd they'll I'm you're it's can't we've",
      ["he", "'d", "they", "'ll", "i", "'m", "you", "'re", "it", "'s", "can", "'t", "we", "'ve"],
    ],
    ["'tis 'dog' rock'n'roll o'clock", ["tis", "dog", "rock", "n", "roll", "o", "clock"]],
    ["'s", ["'s"]],
    ["'sand 's, 'st", ["sand", "'s", "st"]],
    ["cafe\u0301 CAFÉ naïve", ["café", "café", "naïve"]],
    ["İstanbul ΟΔΟΣ ΣΑΣ STRASSE straße", ["i", "stanbul", "οδος", "σας", "strasse", "straße"]],
    ["Кто это на фото?", ["кто", "это", "на", "фото"]],
    ["كم كلب\u064bا هناك؟", ["كم", "كلب", "ا", "هناك"]],
    ["这是什么颜色?", ["这是什么颜色"]],
    ["इसका र\u0902ग क\u094dया ह\u0948", ["इसक", "र", "ग", "क", "य", "ह"]],
    ["two_words snake_case __init__", ["two", "words", "snake", "case", "init"]],
    ["<b>What</b> is <script>alert('x')</script>?", ["b", "what", "b", "is", "script", "alert", "x", "script"]],
    ["'; DROP TABLE photos; --", ["drop", "table", "photos"]],
    ["3.5 x 2,000 = ½ ² Ⅷ ٣", ["3", "5", "x", "2", "000", "½", "²", "ⅷ", "٣"]],
    ["What\u0000is\u0007this\u200b\u202ething", ["what", "is", "this", "thing"]],
    ["🐶 how many 🐶🐶?", ["how", "many"]],
    ["👨\u200d👩\u200d👧", []],
    ["?!…", []],
    ["ﬁsh ＷＩＤＥ ℌ", ["ﬁsh", "ｗｉｄｅ", "ℌ"]],
    ["it’s ‘quoted’ “word”'s", ["it", "'s", "quoted", "word", "'s"]],
    ["a1b2 b's2 x'd1", ["a1b2", "b", "s2", "x", "d1"]],
    ["don't've", ["don", "'t", "'ve"]],
    ["Σ ΑΣ. ΑΣ'S", ["σ", "ας", "ασ", "'s"]],
    ["𝐀𝐁 𐐀", ["𝐀𝐁", "𐐨"]],
    [" ", []],
    ["", []],
  ])("%j", (question, words) => {
    expect(splitQuestion(question)).toEqual(words);
  });
});
