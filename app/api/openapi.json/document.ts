/** The OpenAPI 3.1 description of the whole API, made from the routes' zod schemas. */
import { z } from "zod";
import { problemSchema } from "@/lib/http/schema";
import { ERROR_CODES, type ErrorCode } from "@/lib/inference/errors";
import { captioningOptionsSchema, captioningResponseSchema } from "../captioning/schema";
import {
  handwritingEventSchema,
  handwritingQuerySchema,
  handwritingRequestSchema,
  handwritingResponseSchema,
  handwritingStylesSchema,
} from "../handwriting/schema";
import { liveSchema, readySchema } from "../health/schema";
import { languageRequestSchema, languageResponseSchema } from "../language/schema";
import { modelsResponseSchema } from "../models/schema";
import { storiesRequestSchema, storiesResponseSchema } from "../stories/schema";
import { translationRequestSchema, translationResponseSchema } from "../translation/schema";
import { vqaFieldsSchema, vqaResponseSchema, vqaVocabularySchema } from "../vqa/schema";

type Json = Record<string, unknown>;

const IMAGE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"];

const IMAGE_RULES =
  "At most 12 MiB and 50 megapixels, at least 8×8. EXIF orientation is applied, alpha laid over white, and the photo squashed to the model's square.";

const IMAGE_PROBLEMS = [
  "missing_field",
  "invalid_field",
  "invalid_body",
  "image_too_large",
  "body_too_large",
  "unsupported_media_type",
  "invalid_image",
  "rate_limited",
  "overloaded",
  "model_unavailable",
  "deadline_exceeded",
] as const satisfies readonly ErrorCode[];

const HANDWRITING_PROBLEMS = [
  "missing_field",
  "invalid_field",
  "text_too_long",
  "unsupported_characters",
  "rate_limited",
  "overloaded",
  "model_unavailable",
  "deadline_exceeded",
] as const satisfies readonly ErrorCode[];

const JSON_PROBLEMS = [
  "missing_field",
  "invalid_field",
  "invalid_body",
  "body_too_large",
  "unsupported_media_type",
  "rate_limited",
  "overloaded",
  "model_unavailable",
  "deadline_exceeded",
] as const satisfies readonly ErrorCode[];

const SVG = { "image/svg+xml": { schema: { type: "string" } } };

const HEADERS = {
  "x-request-id": { description: "The request's id, as the server's log has it.", schema: { type: "string" } },
};

const RETRY_AFTER = {
  "retry-after": { description: "Seconds after which to ask again.", schema: { type: "integer" } },
};

/** Builds the document. `x-` fields and refs follow OpenAPI 3.1.1; component names are the schemas' `id`. */
export function buildDocument(): Json {
  return {
    openapi: "3.1.1",
    info: {
      title: "Inkling",
      version: "1",
      description: "Recurrent networks to try on one's own input. The app's pages use the same routes.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    externalDocs: {
      description: "The models by themselves answer under /v2, in the Open Inference Protocol.",
      url: "https://github.com/kserve/open-inference-protocol",
    },
    servers: [{ url: "/" }],
    paths: {
      "/api/captioning": {
        post: {
          operationId: "captionImage",
          summary: "Describes a photo in a sentence.",
          description: `${IMAGE_RULES} Send a form, or the image itself as the body with the options in the query.`,
          ...imageRequest(captioningOptionsSchema),
          responses: {
            200: success("Captions, best score first.", captioningResponseSchema),
            ...problems(IMAGE_PROBLEMS),
          },
        },
      },
      "/api/vqa": {
        post: {
          operationId: "answerQuestion",
          summary: "Answers a question about a photo.",
          description: `${IMAGE_RULES} Send a form, or the image itself as the body with the rest in the query. A form may hold the SHA-256 of an image that was sent lately in the image's place.`,
          ...imageRequest(vqaFieldsSchema, "imageSha256"),
          responses: {
            200: success("Answers, most probable first.", vqaResponseSchema),
            ...problems([...IMAGE_PROBLEMS, "image_not_cached"]),
          },
        },
      },
      "/api/vqa/vocabulary": {
        get: {
          operationId: "getAnswers",
          summary: "What can be answered.",
          responses: {
            200: success("The answers, and how many words of questions are known.", vqaVocabularySchema),
            ...problems(["model_unavailable"]),
          },
        },
      },
      "/api/handwriting": {
        post: {
          operationId: "writeText",
          summary: "Writes a text by hand.",
          description:
            "The same seed, text and options write the same strokes. `accept` chooses the answer: JSON, an SVG, or JSON objects line by line as the pen moves.",
          requestBody: jsonBody(handwritingRequestSchema),
          responses: {
            200: {
              description: "The strokes.",
              headers: HEADERS,
              content: {
                "application/json": { schema: refTo(handwritingResponseSchema) },
                "application/x-ndjson": { schema: refTo(handwritingEventSchema) },
                ...SVG,
              },
            },
            ...problems([...HANDWRITING_PROBLEMS, "invalid_body", "body_too_large", "unsupported_media_type"]),
          },
        },
        get: {
          operationId: "drawText",
          summary: "A text by hand as an SVG, which any page can embed.",
          description: "With a seed it can be kept by caches; without one each request draws anew.",
          parameters: queryParameters(handwritingQuerySchema),
          responses: {
            200: { description: "The picture.", headers: HEADERS, content: SVG },
            304: { description: "It is the one that `if-none-match` names.", headers: HEADERS },
            ...problems(HANDWRITING_PROBLEMS),
          },
        },
      },
      "/api/handwriting/styles": {
        get: {
          operationId: "listStyles",
          summary: "The hands to write in.",
          responses: {
            200: success("The hands, each with an SVG that it has written.", handwritingStylesSchema),
            ...problems(["overloaded", "model_unavailable", "deadline_exceeded"]),
          },
        },
      },
      "/api/stories": {
        post: {
          operationId: "answerStory",
          summary: "Answers a question about a story.",
          description: "It has learned the words of bAbI's twenty tasks; `unknownWords` names others.",
          requestBody: jsonBody(storiesRequestSchema),
          responses: {
            200: success("Answers, most probable first.", storiesResponseSchema),
            ...problems(JSON_PROBLEMS),
          },
        },
      },
      "/api/language": {
        post: {
          operationId: "continueText",
          summary: "Reads a text, says how surprising each character was, and goes on with it.",
          description: "A small model of the English of Jane Austen's novels; it knows their characters.",
          requestBody: jsonBody(languageRequestSchema),
          responses: {
            200: success("The text with its continuation.", languageResponseSchema),
            ...problems([...JSON_PROBLEMS, "text_too_long", "unsupported_characters"]),
          },
        },
      },
      "/api/translation": {
        post: {
          operationId: "translateText",
          summary: "Translates a short English text into Russian.",
          description: "With attention, or from one vector of the whole text, for comparison.",
          requestBody: jsonBody(translationRequestSchema),
          responses: {
            200: success("Translations, those that agree most with all others first.", translationResponseSchema),
            ...problems([...JSON_PROBLEMS, "text_too_long", "unsupported_characters"]),
          },
        },
      },
      "/api/health/live": {
        get: {
          operationId: "isLive",
          summary: "Whether the process answers.",
          responses: { 200: success("It does.", liveSchema), ...problems([]) },
        },
      },
      "/api/health/ready": {
        get: {
          operationId: "isReady",
          summary: "Whether the models are loaded and warm.",
          responses: { 200: success("They are.", readySchema), ...problems(["model_unavailable"]) },
        },
      },
      "/api/models": {
        get: {
          operationId: "listModels",
          summary: "The models: their files, where they are loaded, and how they scored.",
          responses: {
            200: success("The manifest, with what is loaded.", modelsResponseSchema),
            ...problems(["model_unavailable"]),
          },
        },
      },
      "/api/models/files/{path}": {
        get: {
          operationId: "getModelFile",
          summary: "One file that the manifest lists.",
          parameters: [
            {
              name: "path",
              in: "path",
              required: true,
              description: "As the manifest has it, e.g. vision/encoder.onnx, or manifest.json.",
              schema: { type: "string" },
            },
          ],
          responses: {
            200: { description: "The file.", headers: HEADERS, content: { "application/octet-stream": {} } },
            ...problems(["unknown_model", "model_unavailable"]),
          },
        },
      },
      "/api/metrics": {
        get: {
          operationId: "getMetrics",
          summary: "Counters and durations in Prometheus' text format.",
          responses: {
            200: {
              description: "The metrics.",
              headers: HEADERS,
              content: { "text/plain": { schema: { type: "string" } } },
            },
            ...problems([]),
          },
        },
      },
      "/api/openapi.json": {
        get: {
          operationId: "getOpenApi",
          summary: "This document.",
          responses: {
            200: {
              description: "OpenAPI 3.1.",
              headers: HEADERS,
              content: { "application/json": { schema: { type: "object" } } },
            },
            ...problems([]),
          },
        },
      },
    },
    components: { schemas: namedSchemas() },
  };
}

/**
 * A request that carries an image: as a form, or as the body with the fields in the query.
 *
 * @param fields - what is sent beside it
 * @param instead - the field of a form that may stand in the image's place
 */
function imageRequest(fields: z.ZodObject, instead?: string): Json {
  const { properties, required = [] } = z.toJSONSchema(fields, { io: "output" });
  const schemas = properties as Record<string, Json>;
  // A default makes a field of the answer always present; in a request it makes it optional.
  const needed = required.filter((name) => !("default" in (schemas[name] as Json)));
  const sources = instead === undefined ? ["image"] : ["image", instead];
  return {
    parameters: Object.entries(schemas)
      .filter(([name]) => name !== instead)
      .map(([name, schema]) => ({
        name,
        in: "query",
        description: "Beside a raw image; in a form it is a field.",
        schema,
      })),
    requestBody: {
      required: true,
      content: {
        "multipart/form-data": {
          schema: {
            type: "object",
            properties: { image: { type: "string", format: "binary", description: "The file." }, ...schemas },
            ...(sources.length === 1
              ? { required: [...sources, ...needed] }
              : { required: needed, oneOf: sources.map((source) => ({ required: [source] })) }),
          },
        },
        ...Object.fromEntries(IMAGE_TYPES.map((type) => [type, { schema: { type: "string", format: "binary" } }])),
      },
    },
  };
}

/** Fields of a query. */
function queryParameters(fields: z.ZodObject): Json[] {
  const { properties, required = [] } = z.toJSONSchema(fields, { io: "output" });
  return Object.entries(properties as Record<string, Json>).map(([name, schema]) => ({
    name,
    in: "query",
    // A default makes a field of the answer always present; in a request it makes it optional.
    required: required.includes(name) && !("default" in schema),
    schema,
  }));
}

/** Every schema that has an `id`. Answers may gain fields: `io: "input"` leaves objects open. */
function namedSchemas(): Json {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { io: "input", uri: reference });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id, $schema, ...schema }]) => {
      return [id, schema];
    }),
  );
}

function reference(id: string): string {
  return `#/components/schemas/${id}`;
}

function refTo(schema: z.ZodType): Json {
  return { $ref: reference(schema.meta()?.id as string) };
}

function jsonBody(schema: z.ZodType): Json {
  return { required: true, content: { "application/json": { schema: refTo(schema) } } };
}

function success(description: string, schema: z.ZodType): Json {
  return { description, headers: HEADERS, content: { "application/json": { schema: refTo(schema) } } };
}

/** One response for each status, naming its codes; every route may also fail inside. */
function problems(codes: readonly ErrorCode[]): Json {
  const byStatus: Record<number, ErrorCode[]> = {};
  for (const code of [...codes, "internal"] as const) {
    const { status } = ERROR_CODES[code];
    byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, named]) => [
      status,
      {
        description: named.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}.`).join(" "),
        headers: { ...HEADERS, ...(["429", "503"].includes(status) && RETRY_AFTER) },
        content: { "application/problem+json": { schema: refTo(problemSchema) } },
      },
    ]),
  );
}
