import { InklingError } from "@/lib/inference/errors";
import { z } from "@/lib/inference/validation";

const vector = z.array(z.number()).min(1);
const count = z.int().positive();

const schema = z
  .object({
    characters: z.string().min(1),
    end: count,
    step: z.number().positive(),
    sizes: z.object({ hidden: count, windows: count, window: count, mixtures: count, style: count }),
    pointsPerCharacter: count,
    pointsAfterEnd: count,
    dreamPoints: count,
    band: z.tuple([z.number().negative(), z.number().positive()]),
    unprimed: vector,
    styles: z.array(z.object({ id: z.string().min(1), name: z.string().min(1), vector })).min(1),
  })
  .refine(({ sizes, unprimed, styles }) => {
    return [unprimed, ...styles.map((style) => style.vector)].every(({ length }) => length === sizes.style);
  }, "a style's vector has another length than sizes.style");

/** One hand that the model has learned. */
export type Style = z.output<typeof schema>["styles"][number];

/**
 * What `handwriting/styles.json` says: the hands, and the numbers that whoever runs the synthesiser needs. `step` is the
 * model's unit of length in x-heights, `band` how far a line may go above and below its baseline, in x-heights, `dreamPoints`
 * after how many points a line without a text ends with the next lift.
 */
export interface Styles extends z.output<typeof schema> {
  /** The id of a character, which `characters` begins with 1; undefined where it cannot be written. */
  idOf(character: string): number | undefined;
}

/**
 * Reads `handwriting/styles.json`.
 *
 * @throws `InklingError` with code `model_unavailable` when the file does not hold styles
 */
export function parseStyles(json: string): Styles {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw malformed("it is not JSON", cause);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw malformed(`${issue?.path.join(".")}: ${issue?.message}`, parsed.error);
  }
  const ids = new Map(Array.from(parsed.data.characters, (character, index) => [character, index + 1]));
  return { ...parsed.data, idOf: (character) => ids.get(character) };
}

/**
 * The numbers of a hand.
 *
 * @param id - null for the hand of nobody in particular
 * @throws `InklingError` with code `invalid_field`
 */
export function styleVector({ styles, unprimed }: Styles, id: string | null): readonly number[] {
  if (id === null) return unprimed;
  const style = styles.find((each) => each.id === id);
  if (style) return style.vector;
  throw new InklingError(
    "invalid_field",
    `style must be one of the styles' ids, or null; it was ${JSON.stringify(id.slice(0, 40))}.`,
    `Use one of: ${styles.map((each) => each.id).join(", ")}.`,
  );
}

function malformed(reason: string, cause?: unknown): InklingError {
  return new InklingError(
    "model_unavailable",
    `The handwriting model's styles cannot be read: ${reason}.`,
    "Restore models/handwriting/styles.json from the repository.",
    { cause },
  );
}
