import { createHash, randomInt } from "node:crypto";
import type { z } from "zod";
import { toSvg } from "@/lib/handwriting/exports/svg";
import { checkText, layOut } from "@/lib/handwriting/layout";
import { MAX_PRIME_TEXT_LENGTH, MAX_SEED } from "@/lib/handwriting/options";
import type { WritingEvent } from "@/lib/handwriting/types";
import { readQuery } from "@/lib/http/body";
import { missingField, parseFields } from "@/lib/http/fields";
import { withJson } from "@/lib/http/json";
import { toProblem } from "@/lib/http/problem";
import { createRoute } from "@/lib/http/route";
import { InklingError } from "@/lib/inference/errors";
import { admit, WEIGHTS } from "@/lib/server/admission";
import { type WriteRequest, type WrittenText, writeText } from "@/lib/server/handwriting";
import { findServed } from "@/lib/server/manifest";
import {
  type HandwritingEvent,
  type HandwritingResponse,
  handwritingQuerySchema,
  handwritingRequestSchema,
} from "./schema";

const NDJSON = "application/x-ndjson";
const SVG = "image/svg+xml";
const DEFAULT_INK = { strokeWidth: 2.5, color: "black" };
/** Seconds for which a picture with a seed may be kept; then the etag tells whether the model still is the same. */
const MAX_AGE_S = 86_400;

function write(request: Request): Promise<Response> {
  return withJson(request, handwritingRequestSchema, (fields) => answer(request, fields));
}

async function answer(
  request: Request,
  { seed = randomInt(MAX_SEED + 1), ...fields }: z.output<typeof handwritingRequestSchema>,
): Promise<Response> {
  const { text, dream } = fields;
  if (text === undefined && dream === undefined) throw missingField("text");
  if (text !== undefined && dream !== undefined) {
    throw new InklingError(
      "invalid_field",
      "The fields text and dream were both sent.",
      "Send a text, or how many lines to write without one.",
    );
  }
  if (fields.prime && fields.style !== undefined) {
    throw new InklingError(
      "invalid_field",
      "The fields style and prime were both sent.",
      "Send a style, or ink in whose hand to write.",
    );
  }
  const lines = text === undefined ? dream : layOut(text, fields.lineWidth).lines.length;
  if (fields.prime?.text !== undefined) checkText(fields.prime.text, "prime.text", MAX_PRIME_TEXT_LENGTH);
  const asked: WriteRequest = { ...fields, text: text ?? "", seed };
  const wanted = preferred(request.headers.get("accept") ?? "");
  const weight = WEIGHTS.line * (lines ?? 1);
  if (wanted === NDJSON) return await stream(request, weight, asked);
  const written = await admit(request, weight, (signal) => writeText(asked, signal));
  const headers = { "cache-control": "no-store" };
  if (wanted === SVG) {
    const described = { ...headers, "content-type": SVG, ...seedOf(written) };
    return new Response(toSvg(written, DEFAULT_INK), { headers: described });
  }
  return Response.json(written satisfies HandwritingResponse, { headers });
}

async function draw(request: Request): Promise<Response> {
  const { seed, style, strokeWidth, color, ...fields } = parseFields(handwritingQuerySchema, readQuery(request));
  const { lines } = layOut(fields.text, fields.lineWidth);
  const { sha256 } = await findServed("handwriting");
  const { pathname, search } = new URL(request.url);
  const etag = `"${createHash("sha256").update(`${sha256} ${pathname}${search}`).digest("hex").slice(0, 32)}"`;
  const headers = {
    // Any page may embed it.
    "cross-origin-resource-policy": "cross-origin",
    ...(seed === undefined
      ? { "cache-control": "no-store" }
      : { "cache-control": `public, max-age=${MAX_AGE_S}`, etag }),
  };
  const known = request.headers
    .get("if-none-match")
    ?.split(",")
    .map((each) => each.trim().replace(/^W\//, ""));
  if (seed !== undefined && known?.some((each) => each === etag || each === "*")) {
    return new Response(null, { status: 304, headers });
  }
  const asked = { ...fields, seed: seed ?? randomInt(MAX_SEED + 1), style: style === "none" ? null : style };
  const written = await admit(request, WEIGHTS.line * lines.length, (signal) => writeText(asked, signal));
  return new Response(toSvg(written, { strokeWidth, color }), {
    headers: { ...headers, "content-type": SVG, ...seedOf(written) },
  });
}

/** A picture says its seed in a header, so that one that was drawn at random can be drawn again. */
function seedOf({ seed }: WrittenText): Readonly<Record<string, string>> {
  return { "x-seed": String(seed) };
}

/**
 * Answers line by line. What fails before the first line has its status; what fails later is the last line. The client's leaving
 * ends the work.
 */
async function stream(request: Request, weight: number, asked: WriteRequest): Promise<Response> {
  const controller = new AbortController();
  const { signal } = request;
  const leave = () => controller.abort(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();

  const encoder = new TextEncoder();
  let send: (event: HandwritingEvent) => void = () => {};
  let close: () => void = () => {};
  let begin: () => void = () => {};
  let isOpen = true;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      // What 500 characters become is small enough to wait in memory for a slow client.
      send = (event) => isOpen && stream.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      close = () => isOpen && stream.close();
    },
    cancel() {
      isOpen = false;
      controller.abort();
    },
  });
  const onEvent = (event: WritingEvent) => {
    send(event);
    begin();
  };
  const work: Promise<WrittenText> = admit(
    request,
    weight,
    (limited) => writeText(asked, limited, onEvent),
    controller.signal,
  );
  const answered = work.then(
    (written) => send({ ...written, type: "result" }),
    (thrown) => send({ ...toProblem(InklingError.from(thrown)), type: "error" }),
  );
  void answered.then(() => {
    signal.removeEventListener("abort", leave);
    close();
  });
  // Whichever comes first: a failure before the first line is thrown here.
  await Promise.race([begun, work]);
  return new Response(body, { headers: { "content-type": NDJSON, "cache-control": "no-store" } });
}

/** Which of the three kinds of answer an `accept` header prefers; JSON where it says nothing else. */
function preferred(accept: string): string {
  const ranked = accept
    .split(",")
    .map((entry) => {
      const [type = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith("q="));
      return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return ranked.find(({ type }) => type === NDJSON || type === SVG || type === "application/json")?.type ?? "";
}

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute(
  "/api/handwriting",
  { GET: draw, POST: write },
  { limited: true },
);
