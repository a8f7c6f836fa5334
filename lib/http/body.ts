import { once } from "node:events";
import { finished } from "node:stream/promises";
import Busboy, { type BusboyInstance } from "@fastify/busboy";
import { InklingError } from "@/lib/inference/errors";
import { MAX_IMAGE_BYTES, tooManyBytes } from "@/lib/vision/pixels";
import { quote } from "./fields";
import { getByteBudget, type HeldBytes, MAX_IMAGE_BODY_BYTES } from "./limits";

export interface Upload {
  /** The image file as received; absent where a form has none. */
  readonly image?: Uint8Array<ArrayBuffer>;
  /** The options as text, by name: form fields, or the query beside a raw image. */
  readonly fields: ReadonlyMap<string, string>;
}

export interface ImageUpload extends Upload {
  readonly image: Uint8Array<ArrayBuffer>;
}

/** Name of the form field that holds the image. */
const IMAGE_FIELD = "image";
/** Name of the form field that may stand in its place, where a route keeps what it made of images. */
const HASH_FIELD = "imageSha256";
/** Longest option, in bytes. */
const MAX_FIELD_BYTES = 1024;
/** Most parts of a form. */
const MAX_PARTS = 32;
/** A body that has been refused is read on, and thrown away, up to here. */
const MAX_RECEIVED_BYTES = 64 * 2 ** 20;

/**
 * Reads a request that carries one image: `multipart/form-data` with the file in `image`, or the image itself as the body
 * with the options in the query. Nothing beyond the limits is kept in memory, whatever `content-length` says.
 *
 * @param use - works with the upload; what it holds counts against the server's budget until `use` has ended
 * @throws `InklingError` with code `unsupported_media_type`, `invalid_body`, `image_too_large`, `body_too_large`,
 *   `missing_field`, `invalid_field` or `overloaded`, or the signal's reason when the client has gone
 */
export async function withImageUpload<Result>(
  request: Request,
  use: (upload: ImageUpload) => Promise<Result>,
): Promise<Result> {
  return await withUpload(request, [IMAGE_FIELD], (upload) => use(upload as ImageUpload));
}

/**
 * As `withImageUpload`, for a route that keeps what it made of images: the form may hold the SHA-256 of an image that was sent
 * before, in `imageSha256`, in its place.
 *
 * @throws as `withImageUpload` does, `invalid_field` when both are there
 */
export async function withImageOrHash<Result>(
  request: Request,
  use: (upload: Upload) => Promise<Result>,
): Promise<Result> {
  return await withUpload(request, [IMAGE_FIELD, HASH_FIELD], async (upload) => {
    if (upload.image && upload.fields.has(HASH_FIELD)) throw bothSent();
    return await use(upload);
  });
}

/** @param sources - fields of a form of which one has to be there */
async function withUpload<Result>(
  request: Request,
  sources: readonly string[],
  use: (upload: Upload) => Promise<Result>,
): Promise<Result> {
  const contentType = request.headers.get("content-type") ?? "";
  const mediaType = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
  const isForm = mediaType === "multipart/form-data";
  if (!isForm && !mediaType.startsWith("image/")) {
    throw new InklingError(
      "unsupported_media_type",
      mediaType === "" ? "The request has no content-type." : `The content-type is ${quote(mediaType)}.`,
      "Send multipart/form-data with the file in the field image, or the image itself with its own type, e.g. image/jpeg.",
    );
  }
  const query = readQuery(request);
  if (isForm && query.size > 0) {
    throw new InklingError(
      "invalid_field",
      `The query holds ${quote([...query.keys()].join(", "))} beside a form.`,
      "Send the options as fields of the form.",
    );
  }
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  const limit = isForm ? MAX_IMAGE_BODY_BYTES : MAX_IMAGE_BYTES;
  // The image is what makes such a body large.
  if (declared > limit) throw tooManyBytes();
  const held = getByteBudget().open();
  try {
    return await use(
      isForm
        ? await readForm(request, held, contentType, sources)
        : { image: await readImage(request, held), fields: query },
    );
  } finally {
    held.release();
  }
}

/**
 * The query's fields.
 *
 * @throws `InklingError` with code `invalid_field` for one that is there twice
 */
export function readQuery(request: Request): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URL(request.url).searchParams) {
    if (fields.has(name)) throw sentTwice(name);
    fields.set(name, value);
  }
  return fields;
}

async function readImage(request: Request, held: HeldBytes): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  await readBody(request, held, (chunk, received) => {
    if (received > MAX_IMAGE_BYTES) throw tooManyBytes();
    chunks.push(chunk);
  });
  return join(chunks);
}

async function readForm(
  request: Request,
  held: HeldBytes,
  contentType: string,
  sources: readonly string[],
): Promise<Upload> {
  const fields = new Map<string, string>();
  // Told only at the form's end: that the image is absent comes before whatever else is wrong.
  const problems: InklingError[] = [];
  let image: Uint8Array<ArrayBuffer> | undefined;
  let imageIsText = false;
  let imageTooLarge = false;

  const form = createParser(contentType);
  form.on("field", (name, value, nameTruncated, valueTruncated) => {
    if (name === IMAGE_FIELD) imageIsText = true;
    else if (nameTruncated || valueTruncated) problems.push(fieldTooLong(name));
    else if (fields.has(name)) problems.push(sentTwice(name));
    else fields.set(name, value);
  });
  form.on("file", (name, stream) => {
    const chunks: Uint8Array[] = [];
    const isImage = name === IMAGE_FIELD && image === undefined;
    if (isImage) image = new Uint8Array();
    else if (name === IMAGE_FIELD) problems.push(sentTwice(name));
    else {
      fields.set(name, "");
      problems.push(unexpectedFile(name));
    }
    stream.on("data", (chunk: Uint8Array) => isImage && chunks.push(chunk));
    stream.on("limit", () => {
      if (isImage) imageTooLarge = true;
      chunks.length = 0;
    });
    // A part that is cut off is an error of the form as well, which tells it.
    stream.on("error", () => {});
    stream.on("end", () => {
      if (isImage) image = join(chunks);
    });
  });
  form.on("partsLimit", () => problems.push(brokenForm(`it has more than ${MAX_PARTS} parts`)));
  let failure: InklingError | undefined;
  const parsed = finished(form).catch((cause) => {
    failure = brokenForm("it is cut off or not in that format", cause);
  });

  await readBody(request, held, async (chunk, received) => {
    if (failure) throw failure;
    // An error of the form ends the wait as well; it is thrown as `failure`.
    if (!form.write(chunk)) await Promise.race([once(form, "drain"), parsed]).catch(() => {});
    if (imageTooLarge) throw tooManyBytes();
    if (received > MAX_IMAGE_BODY_BYTES) throw bodyTooLarge();
  });
  form.end();
  await parsed;
  if (failure) throw failure;
  if (imageTooLarge) throw tooManyBytes();
  if (image === undefined && imageIsText) throw textImage();
  if (image === undefined && !sources.some((name) => fields.has(name))) throw missingImage(sources, [...fields.keys()]);
  if (imageIsText) throw sentTwice(IMAGE_FIELD);
  if (problems[0]) throw problems[0];
  return { image, fields };
}

/** @throws `InklingError` with code `invalid_body` when the content-type names no boundary */
function createParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits: { fieldNameSize: 100, fieldSize: MAX_FIELD_BYTES, fileSize: MAX_IMAGE_BYTES, parts: MAX_PARTS },
      isPartAFile: (_, type, fileName) =>
        fileName !== undefined || type === "application/octet-stream" || (type?.startsWith("image/") ?? false),
    });
  } catch (cause) {
    throw brokenForm("its content-type names no boundary", cause);
  }
}

/**
 * Reads the whole body. Once `onChunk` or `held` has thrown, the rest is still read, and thrown away: many clients look for the answer
 * only when they have sent everything, and would otherwise see a broken connection instead of the reason.
 *
 * @param held - counts what is received, until the caller releases it
 * @param onChunk - takes a chunk, with the bytes received so far
 */
export async function readBody(
  request: Request,
  held: HeldBytes,
  onChunk: (chunk: Uint8Array, received: number) => Promise<void> | void,
): Promise<void> {
  const reader = request.body?.getReader();
  let received = 0;
  let failure: unknown;
  while (reader && received <= MAX_RECEIVED_BYTES) {
    const { done, value } = await reader.read().catch((cause) => {
      request.signal.throwIfAborted();
      throw new InklingError("invalid_body", "The body ended before it was complete.", "Send the request again.", {
        cause,
      });
    });
    if (done) break;
    received += value.length;
    if (failure !== undefined) continue;
    try {
      held.add(value.length);
      await onChunk(value, received);
    } catch (thrown) {
      failure = thrown;
    }
  }
  if (failure !== undefined) throw failure;
}

export function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

function missingImage(sources: readonly string[], received: readonly string[]): InklingError {
  const others = received.length > 0 ? `; the form has ${received.map(quote).join(", ")}` : "";
  return new InklingError(
    "missing_field",
    `The field ${sources.join(" or ")} is absent${others}.`,
    "Send the file in the field image, e.g. curl -F image=@photo.jpg.",
  );
}

function bothSent(): InklingError {
  return new InklingError(
    "invalid_field",
    `The fields ${IMAGE_FIELD} and ${HASH_FIELD} were both sent.`,
    `Send the image, or the SHA-256 of one that was sent before.`,
  );
}

function textImage(): InklingError {
  return new InklingError(
    "invalid_field",
    "The field image holds text, not a file.",
    "Send a file, e.g. curl -F image=@photo.jpg (with the @).",
  );
}

function unexpectedFile(name: string): InklingError {
  return new InklingError(
    "invalid_field",
    `The field ${quote(name)} holds a file, which only image may.`,
    "Send one file, in the field image, and everything else as text.",
  );
}

function fieldTooLong(name: string): InklingError {
  return new InklingError(
    "invalid_field",
    `The field ${quote(name)} has more than ${MAX_FIELD_BYTES} bytes.`,
    "Shorten it.",
  );
}

function sentTwice(name: string): InklingError {
  return new InklingError("invalid_field", `The field ${quote(name)} was sent more than once.`, "Send it once.");
}

function bodyTooLarge(): InklingError {
  return new InklingError(
    "body_too_large",
    `The body has more than ${MAX_IMAGE_BODY_BYTES / 2 ** 20} MiB.`,
    "Send one image of at most 12 MiB and the options alone.",
  );
}

function brokenForm(reason: string, cause?: unknown): InklingError {
  return new InklingError(
    "invalid_body",
    `The body cannot be read as multipart/form-data: ${reason}.`,
    "Let your HTTP library build the form and its content-type.",
    { cause },
  );
}
