/** Strings that have broken other programs. */
import fc from "fast-check";

/** Stands in texts, questions, names and pictures; no log line may hold it. */
export const MARKER = "quokka7291";

/** @param {string} canary an address to which nobody may connect */
export function strings(canary) {
  const known = fc.constantFrom(
    "",
    " ",
    "0",
    "-1",
    "1e309",
    "NaN",
    "null",
    "true",
    "9007199254740993",
    "0x10",
    "１２",
    "\0",
    "a\0b",
    "\r\nx-injected: 1",
    "../../../etc/passwd",
    "..%2f..%2fmanifest.json",
    "C:\\windows\\win.ini",
    "__proto__",
    "constructor",
    "toString",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "'; DROP TABLE photos; --",
    "$(sleep 9)",
    "\ud800",
    "\u202eabc",
    "e\u0301".repeat(50),
    "👩‍👩‍👧‍👦",
    "ﷺ".repeat(20),
    "Ω≈ç√∫",
    "How many dogs are there?",
    "What color is the dog",
    "a".repeat(300),
    "x".repeat(5000),
    MARKER,
    `What is ${MARKER}?`,
    canary,
    `${canary}?a=b#c`,
    canary.replace("http:", "file:"),
    `url(${canary})`,
  );
  return fc.oneof(
    { arbitrary: known, weight: 4 },
    { arbitrary: fc.string({ maxLength: 40 }), weight: 1 },
    { arbitrary: fc.string({ unit: "binary", maxLength: 40 }), weight: 1 },
  );
}

/** What stands in a header must be bytes that HTTP allows there. */
export const headerValue = (text) => text.replace(/[^\t\x20-\x7e]/g, "?").trim();

/** JSON of any shape, deep and wide, with names that are special. */
export function jsonValues(canary) {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      strings(canary),
      fc.integer(),
      fc.double(),
      fc.constantFrom(null, true, false, -0, 4294967295, 4294967296),
      fc.array(tie("value"), { maxLength: 6 }),
      fc.dictionary(fc.constantFrom("text", "seed", "style", "prime", "strokes", "__proto__", "x"), tie("value")),
    ),
  }));
  return value;
}
