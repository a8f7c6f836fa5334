/** Requests of the Open Inference Protocol. */
import { z } from "zod";
import { InklingError } from "@/lib/inference/errors";
import { decodeMessage, encodeMessage, JSON_LENGTH_HEADER, type WireTensors } from "@/lib/inference/oip/messages";
import { join, readBody } from "./body";
import { getByteBudget } from "./limits";

/** Largest body: 64 photos as numbers of four bytes. */
const MAX_BODY_BYTES = 40 * 2 ** 20;
/** Most of it that may be JSON, which takes several times its size to read. */
const MAX_JSON_BYTES = 8 * 2 ** 20;

const outputSchema = z.object({
  name: z.string().max(100),
  parameters: z.object({ binary_data: z.boolean().optional() }).optional(),
});

const headerSchema = z.object({
  id: z.string().max(200).optional(),
  parameters: z.object({ binary_data_output: z.boolean().optional() }).optional(),
  outputs: z.array(outputSchema).max(64).optional(),
});

export interface InferRequest {
  readonly id: string | undefined;
  readonly inputs: WireTensors;
  /** The names of the outputs that are wanted; undefined for all. */
  readonly outputs: readonly string[] | undefined;
  /** Whether an output is wanted as bytes. */
  readonly isBinary: (name: string) => boolean;
}

/**
 * Reads a request to infer. Nothing beyond the limit is kept in memory, whatever `content-length` says.
 *
 * @param use - works with the request; what it holds counts against the server's budget until `use` has ended
 * @throws `InklingError` with code `unsupported_media_type`, `body_too_large`, `invalid_body`, `invalid_field` or `overloaded`, or the
 *   signal's reason when the client has gone
 */
export async function withInferRequest<Result>(
  request: Request,
  use: (infer: InferRequest) => Promise<Result>,
): Promise<Result> {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding !== "identity") {
    throw new InklingError("unsupported_media_type", "The body is compressed.", "Send it as it is.");
  }
  const jsonBytes = readJsonLength(request.headers.get(JSON_LENGTH_HEADER));
  const limit = jsonBytes === undefined ? MAX_JSON_BYTES : MAX_BODY_BYTES;
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > limit || (jsonBytes ?? 0) > MAX_JSON_BYTES) throw tooLarge();
  const held = getByteBudget().open();
  try {
    const chunks: Uint8Array[] = [];
    await readBody(request, held, (chunk, received) => {
      if (received > limit) throw tooLarge();
      chunks.push(chunk);
    });
    return await use(parse(join(chunks), jsonBytes));
  } finally {
    held.release();
  }
}

/** @param model - name and version of what was run */
export function inferResponse(
  model: { readonly name: string; readonly version: string },
  { id, isBinary }: Pick<InferRequest, "id" | "isBinary">,
  outputs: WireTensors,
): Response {
  const header = { model_name: model.name, model_version: model.version, ...(id !== undefined && { id }) };
  const { body, jsonBytes } = encodeMessage(header, "outputs", outputs, isBinary);
  const headers = new Headers({ "content-type": "application/json", "content-length": String(body.length) });
  if (jsonBytes !== undefined) {
    headers.set("content-type", "application/octet-stream");
    headers.set(JSON_LENGTH_HEADER, String(jsonBytes));
  }
  return new Response(body, { headers });
}

function parse(body: Uint8Array, jsonBytes: number | undefined): InferRequest {
  const { header, tensors } = decodeMessage(body, "inputs", jsonBytes);
  const parsed = headerSchema.safeParse(header);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = issue?.path.join(".");
    throw new InklingError("invalid_field", `The field ${name} is not valid: ${issue?.message}.`, `Correct ${name}.`);
  }
  const { id, parameters, outputs } = parsed.data;
  const binary = new Map(outputs?.map((output) => [output.name, output.parameters?.binary_data]));
  return {
    id,
    inputs: tensors,
    outputs: outputs && outputs.length > 0 ? [...binary.keys()] : undefined,
    isBinary: (name) => binary.get(name) ?? parameters?.binary_data_output ?? false,
  };
}

function readJsonLength(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  throw new InklingError(
    "invalid_body",
    `The header ${JSON_LENGTH_HEADER} is no length.`,
    "Say in it how many bytes of the body are JSON.",
  );
}

function tooLarge(): InklingError {
  return new InklingError(
    "body_too_large",
    `The body has more than ${MAX_BODY_BYTES / 2 ** 20} MiB, or its JSON more than ${MAX_JSON_BYTES / 2 ** 20} MiB.`,
    "Send tensors as bytes, and less in one request.",
  );
}
