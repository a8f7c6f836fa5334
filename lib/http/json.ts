/** Requests with a JSON body. */
import type { z } from "zod";
import { InklingError } from "@/lib/inference/errors";
import { join, readBody } from "./body";
import { quote, unknownField } from "./fields";
import { getByteBudget } from "./limits";

/** Largest JSON body. */
export const MAX_JSON_BYTES = 2 * 2 ** 20;

/**
 * Reads and validates a JSON object. Nothing beyond the limit is kept in memory, whatever `content-length` says.
 *
 * @param schema - an object schema whose messages begin with "must"
 * @param use - works with the object; what it holds counts against the server's budget until `use` has ended
 * @throws `InklingError` with code `unsupported_media_type`, `body_too_large`, `invalid_body`, `missing_field`, `invalid_field` or
 *   `overloaded`, or the signal's reason when the client has gone
 */
export async function withJson<Schema extends z.ZodObject, Result>(
  request: Request,
  schema: Schema,
  use: (value: z.output<Schema>) => Promise<Result>,
): Promise<Result> {
  const mediaType = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (mediaType !== "application/json") {
    throw new InklingError(
      "unsupported_media_type",
      mediaType === "" ? "The request has no content-type." : `The content-type is ${quote(mediaType)}.`,
      "Send a JSON object with content-type application/json.",
    );
  }
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > MAX_JSON_BYTES) throw tooLarge();
  const held = getByteBudget().open();
  try {
    const chunks: Uint8Array[] = [];
    await readBody(request, held, (chunk, received) => {
      if (received > MAX_JSON_BYTES) throw tooLarge();
      chunks.push(chunk);
    });
    return await use(validate(schema, parse(join(chunks))));
  } finally {
    held.release();
  }
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid(bytes.length === 0 ? "it is empty" : "it is not JSON in UTF-8", cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(`it is ${nameOf(value)}`);
  return value as Record<string, unknown>;
}

function validate<Schema extends z.ZodObject>(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const known = Object.keys(schema.shape);
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) throw unknownField(name, known);
  }
  for (const [name, field] of Object.entries(schema.shape)) {
    if (name in value || (field as z.ZodType).safeParse(undefined).success) continue;
    throw new InklingError("missing_field", `The field ${name} is absent.`, `Send ${name} as well.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const received = path.reduce<unknown>(
    (each, key) => (each as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const name = path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .slice(1);
  throw new InklingError(
    "invalid_field",
    `${name} ${issue?.message}; it was ${nameOf(received)}.`,
    `Let ${name} ${issue?.message.replace(/^must /, "")}${(schema.shape[String(path[0])] as z.ZodType).safeParse(undefined).success ? ", or leave it out" : ""}.`,
  );
}

/** What was received, short enough to be sent back. */
function nameOf(value: unknown): string {
  if (value === undefined) return "absent";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? quote(value) : String(value);
}

function tooLarge(): InklingError {
  return new InklingError(
    "body_too_large",
    `The body has more than ${MAX_JSON_BYTES / 2 ** 20} MiB.`,
    "Send less in one request.",
  );
}

function invalid(reason: string, cause?: unknown): InklingError {
  return new InklingError("invalid_body", `The body must be a JSON object: ${reason}.`, "Send a JSON object.", {
    cause,
  });
}
