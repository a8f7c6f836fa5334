/** How scores are laid out: the shape of what an evaluation wrote decides. */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** A row of a table: its name (empty where the rows have none) and its cells by column. */
export type Row = readonly [name: string, cells: JsonObject];

/** A list of flat objects, or an object of them, is a table; anything else is not. */
export function asRows(value: Json): Row[] | undefined {
  if (isScalar(value)) return undefined;
  if (Array.isArray(value)) return value.every(isFlat) ? value.map((cells) => ["", cells]) : undefined;
  const entries = Object.entries(value as JsonObject);
  return entries.every((entry): entry is [string, JsonObject] => isFlat(entry[1])) ? entries : undefined;
}

/** Values that one line holds. */
export function isPlain(value: Json): boolean {
  return isScalar(value) || (Array.isArray(value) && value.every(isScalar));
}

const OFFICIAL: Readonly<Record<string, string>> = { bleu: "BLEU", cider: "CIDEr", meteor: "METEOR", rouge: "ROUGE" };

/** Keys as people write them: "beamWidth" is "beam width", "bleu4" is "BLEU-4", "rouge_l" is "ROUGE-L". */
export function humanise(key: string): string {
  const words = key
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return words.replace(/^(bleu|cider|meteor|rouge)(?:[ -]?([1-4l]))?(?![a-z])/i, (_, name: string, part?: string) => {
    const official = OFFICIAL[name.toLowerCase()] as string;
    return part ? `${official}-${part.toUpperCase()}` : official;
  });
}

/** Four significant digits; whole numbers as they are. */
export function formatValue(value: Json): string {
  if (Array.isArray(value)) return value.map(formatValue).join(", ");
  if (typeof value === "number")
    return Number.isInteger(value) ? value.toLocaleString("en") : String(Number(value.toPrecision(4)));
  return value === null ? "–" : String(value);
}

function isFlat(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isPlain);
}

function isScalar(value: Json): value is string | number | boolean | null {
  return typeof value !== "object" || value === null;
}
