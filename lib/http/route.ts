import { InklingError } from "@/lib/inference/errors";
import { overRateLimit } from "./limits";
import { getLog } from "./log";
import { getHttpMetrics } from "./metrics";
import { problemResponse } from "./problem";

const METHODS = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"] as const;
type Method = (typeof METHODS)[number];

/** Answers a request. It may throw: an `InklingError` is answered as it is, anything else with `internal`. */
export type Handler<Context = unknown> = (request: Request, context: Context) => Promise<Response> | Response;

export interface RouteOptions {
  /** Whether requests count against the clients' limit, where one is configured; default false. */
  readonly limited?: boolean;
  /** How a failure is told; default: as a problem (RFC 9457). For protocols that have a form of their own. */
  readonly tellFailure?: typeof problemResponse;
}

/** The client went away before the answer: nobody reads it, but logs and metrics tell it from a failure. */
const CLIENT_CLOSED_REQUEST = 499;

/**
 * Makes a route's handlers for every method, so that each answer, whatever its status, has an `x-request-id`, is counted and
 * logged, and each failure is a problem (RFC 9457). Next answers HEAD with GET's handler.
 *
 * @param path - the route's pattern, for logs and metrics; never what was asked for, which may hold anything
 *
 * @example
 * export const { DELETE, GET, OPTIONS, PATCH, POST, PUT } = createRoute("/api/captioning", { POST: caption });
 */
export function createRoute<Context = unknown>(
  path: string,
  handlers: Partial<Record<Method, Handler<Context>>>,
  { limited = false, tellFailure = problemResponse }: RouteOptions = {},
): Record<Method, (request: Request, context: Context) => Promise<Response>> {
  const allowed = METHODS.filter((method) => method in handlers || method === "OPTIONS");
  const allow = allowed.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])).join(", ");

  function handlerOf(method: Method): Handler<Context> {
    const handler = handlers[method];
    if (handler) return handler;
    if (method === "OPTIONS") return () => new Response(null, { status: 204, headers: { allow } });
    return (request) => {
      const error = new InklingError(
        "method_not_allowed",
        `${path} does not answer ${request.method}.`,
        `Use ${allow}.`,
      );
      return tellFailure(error, { allow });
    };
  }

  async function checkRateLimit(request: Request): Promise<Response | undefined> {
    const seconds = limited ? await overRateLimit(request) : undefined;
    if (seconds === undefined) return undefined;
    const error = new InklingError(
      "rate_limited",
      "This client has sent more requests than are allowed in a minute.",
      `Try again in ${seconds} s.`,
    );
    return tellFailure(error, { "retry-after": String(seconds) });
  }

  function answerWith(method: Method): (request: Request, context: Context) => Promise<Response> {
    const handler = handlerOf(method);
    return async (request, context) => {
      const startedAt = performance.now();
      const requestId = requestIdOf(request);
      let failure: InklingError | undefined;
      let response: Response;
      try {
        response = (await checkRateLimit(request)) ?? (await handler(request, context));
      } catch (thrown) {
        failure = InklingError.from(thrown);
        response = request.signal.aborted
          ? new Response(null, { status: CLIENT_CLOSED_REQUEST })
          : tellFailure(failure);
      }
      response.headers.set("x-request-id", requestId);

      const { status } = response;
      const seconds = (performance.now() - startedAt) / 1000;
      const code = status === CLIENT_CLOSED_REQUEST ? "client_closed_request" : (failure?.code ?? "");
      const { requests, duration } = getHttpMetrics();
      requests.inc({ route: path, method, status: String(status), code });
      duration.observe({ route: path, method }, seconds);
      const entry = { requestId, route: path, method, status, ...(code && { code }), ms: Math.round(seconds * 1000) };
      // What an operator has to look into; a full queue, say, is not that.
      const failed = status >= 500 && failure && (failure.code === "internal" || failure.cause !== undefined);
      if (failed) getLog().error({ ...entry, err: failure?.cause ?? failure });
      else getLog().info(entry);
      return response;
    };
  }

  return Object.fromEntries(METHODS.map((method) => [method, answerWith(method)])) as ReturnType<
    typeof createRoute<Context>
  >;
}

/** The client's own id where it sent a plain one, so that its logs and the server's can be read together. */
function requestIdOf(request: Request): string {
  const sent = request.headers.get("x-request-id");
  return sent !== null && /^[\w.:-]{1,128}$/.test(sent) ? sent : crypto.randomUUID();
}
