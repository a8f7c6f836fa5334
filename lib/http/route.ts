import { env } from "@/lib/env";
import { InklingError } from "@/lib/inference/errors";
import { allowOrigin } from "./cors";
import { overRateLimit } from "./limits";
import { getLog } from "./log";
import { getHttpMetrics } from "./metrics";
import { problemResponse } from "./problem";
import { getTracer } from "./tracing";

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

interface Answer {
  readonly response: Response;
  /** Why it is a problem, where it is one. */
  readonly failure?: InklingError;
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

  const refuse = (failure: InklingError, headers?: HeadersInit): Answer => ({
    response: tellFailure(failure, headers),
    failure,
  });

  async function tryToAnswer(method: Method, request: Request, context: Context): Promise<Answer> {
    const handler = handlers[method];
    if (!handler && method === "OPTIONS") return { response: new Response(null, { status: 204, headers: { allow } }) };
    const seconds = limited ? Math.ceil(overRateLimit(request)) : 0;
    if (seconds > 0) return refuse(rateLimited(seconds), { "retry-after": String(seconds) });
    if (handler) return { response: await handler(request, context) };
    const detail = `${path} does not answer ${request.method}.`;
    return refuse(new InklingError("method_not_allowed", detail, `Use ${allow}.`), { allow });
  }

  async function answer(method: Method, request: Request, context: Context): Promise<Answer> {
    try {
      return await tryToAnswer(method, request, context);
    } catch (thrown) {
      const failure = InklingError.from(thrown);
      if (!request.signal.aborted) return refuse(failure);
      return { response: new Response(null, { status: CLIENT_CLOSED_REQUEST }), failure };
    }
  }

  function answerWith(method: Method): (request: Request, context: Context) => Promise<Response> {
    return async (request, context) => {
      const startedAt = performance.now();
      const requestId = requestIdOf(request);
      const work = () => answer(method, request, context);
      const traced = { method, route: path, requestId, traceparent: request.headers.get("traceparent") };
      const { response, failure } = await (getTracer()?.traceRequest(traced, work) ?? work());
      response.headers.set("x-request-id", requestId);
      const { headers } = response;
      if (!headers.has("cross-origin-resource-policy")) headers.set("cross-origin-resource-policy", "same-origin");
      allowOrigin(request, response, allow, env.ALLOWED_ORIGINS);

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

function rateLimited(seconds: number): InklingError {
  const detail = "This client has sent more requests than are allowed in a minute.";
  return new InklingError("rate_limited", detail, `Try again in ${seconds} s.`);
}

/** The client's own id where it sent a plain one, so that its logs and the server's can be read together. */
function requestIdOf(request: Request): string {
  const sent = request.headers.get("x-request-id");
  return sent !== null && /^[\w.:-]{1,128}$/.test(sent) ? sent : crypto.randomUUID();
}
