import { createRoute, type Handler } from "@/lib/http/route";
import { InklingError } from "@/lib/inference/errors";

/** Every address under /api that no other route answers. */
const unknown: Handler = (request) => {
  throw new InklingError(
    "not_found",
    `There is no ${new URL(request.url).pathname}.`,
    "GET /api/openapi.json lists what there is.",
  );
};

export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/*", {
  DELETE: unknown,
  GET: unknown,
  PATCH: unknown,
  POST: unknown,
  PUT: unknown,
});
