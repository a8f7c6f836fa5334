/** Options that arrive as text, in a form or in a query, whatever they mean. */
import { z } from "zod";
import { InklingError } from "@/lib/inference/errors";

/** A whole number in decimal digits: not `2.5`, ` 4`, `0x4` or `1e1`. */
export function integerField(minimum: number, maximum: number) {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^-?\d{1,15}$/, { error, abort: true })
    .transform(Number)
    .pipe(z.int().min(minimum, error).max(maximum, error));
}

/** A number in decimal digits, such as `0.8`: not `1e1`, `.5` or `NaN`. */
export function numberField(minimum: number, maximum: number) {
  const error = `must be a number from ${minimum} to ${maximum}`;
  return z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,15})?$/, { error, abort: true })
    .transform(Number)
    .pipe(z.number().min(minimum, error).max(maximum, error));
}

/** `true` or `false`. */
export function booleanField() {
  return z
    .enum(["true", "false"], { error: "must be true or false" })
    .transform((value) => value === "true")
    .pipe(z.boolean());
}

/**
 * Validates what arrived as text.
 *
 * @param schema - an object schema of `integerField`, `booleanField` and the like, whose messages begin with "must"
 * @throws `InklingError` with code `missing_field` that names the field, or `invalid_field` that names it and what was received
 */
export function parseFields<Schema extends z.ZodObject>(
  schema: Schema,
  fields: ReadonlyMap<string, string>,
): z.output<Schema> {
  const known = Object.keys(schema.shape);
  for (const name of fields.keys()) {
    if (!known.includes(name)) throw unknownField(name, known);
  }
  for (const name of known) {
    if (!fields.has(name) && !isOptional(schema, name)) throw missingField(name);
  }
  const parsed = schema.safeParse(Object.fromEntries(fields));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0]);
  throw new InklingError(
    "invalid_field",
    `${name} ${issue?.message}; it was ${quote(fields.get(name) ?? "")}.`,
    isOptional(schema, name) ? `Correct ${name}, or leave it out.` : `Correct ${name}.`,
  );
}

const isOptional = (schema: z.ZodObject, name: string) => schema.shape[name]?.safeParse(undefined).success;

/** A field that the route needs. */
export function missingField(name: string): InklingError {
  return new InklingError("missing_field", `The field ${name} is absent.`, `Send ${name} as well.`);
}

/** A field that the route does not know. */
export function unknownField(name: string, known: readonly string[]): InklingError {
  return new InklingError("invalid_field", `There is no field ${quote(name)}.`, `It takes: ${known.join(", ")}.`);
}

/** What was received, short enough to be sent back. */
export function quote(received: string): string {
  const characters = Array.from(received);
  return JSON.stringify(characters.length > 40 ? `${characters.slice(0, 40).join("")}…` : received);
}
