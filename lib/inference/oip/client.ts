/** A client of any server of the Open Inference Protocol v2: this app, Triton, KServe, MLServer. */
import {
  BrokenCircuitError,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  type IBackoff,
  retry,
  wrap,
} from "cockatiel";
import { BalancedPool } from "undici";
import { z } from "zod";
import { InklingError } from "../errors";
import { decodeMessage, encodeMessage, JSON_LENGTH_HEADER, type WireTensors } from "./messages";

export interface OipClientOptions {
  /** Where the servers are, e.g. `http://models:8000`; calls go to all of them in turn. */
  readonly urls: readonly string[];
  /** Most connections to each server, which are kept open. */
  readonly connections: number;
  /** Milliseconds that one call may take. */
  readonly timeoutMs: number;
  /** Milliseconds for which nothing is called after `FAILURES_IN_A_ROW` failures; default 5,000. */
  readonly pauseMs?: number;
}

export interface OipMetadata {
  readonly name: string;
  readonly inputs: readonly OipMetadataTensor[];
  readonly outputs: readonly OipMetadataTensor[];
}

export interface OipMetadataTensor {
  readonly name: string;
  readonly datatype: string;
  /** -1 for a dimension known only when running. */
  readonly shape: readonly number[];
}

const tensorsSchema = z.array(z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) }));
const serverSchema = z.object({ extensions: z.array(z.string()) });
const modelSchema = z.object({ name: z.string(), inputs: tensorsSchema, outputs: tensorsSchema });

/** Failures in a row after which the servers are left alone for a while. */
const FAILURES_IN_A_ROW = 5;
/** How often a call is made again that cannot have been worked on. */
const RETRIES = 2;
const RETRY_AFTER_MS = 50;
/** More than the largest answer, that of an encoder of 64 photos as JSON. */
const MAX_RESPONSE_BYTES = 256 * 2 ** 20;
const KEEP_ALIVE_MS = 30_000;

/**
 * The connection could not be made, or was closed before an answer began: the call has not been worked on to its end, and makes
 * nothing change there, so that it may be made again. One that hangs, or that the server refuses as busy, may not: that would be
 * more work where there is too much.
 */
const UNREACHED = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "UND_ERR_SOCKET",
]);

/** How a call failed. What the caller is told (`error`) says nothing of the server's address. */
class CallFailure extends Error {
  constructor(
    readonly error: InklingError,
    /** Whether it tells that the server is not well, as opposed to busy. */
    readonly isFault: boolean,
    readonly canRetry: boolean,
  ) {
    super(error.detail);
  }
}

export class OipClient {
  readonly #pool: BalancedPool;
  readonly #prefix: string;
  readonly #timeoutMs: number;
  readonly #policy;
  #binary: Promise<boolean> | undefined;
  #lastAnswerAt = Number.NEGATIVE_INFINITY;

  constructor({ urls, connections, timeoutMs, pauseMs = 5_000 }: OipClientOptions) {
    const parsed = urls.map((url) => new URL(url));
    this.#pool = new BalancedPool(
      parsed.map(({ origin }) => origin),
      { connections, keepAliveTimeout: KEEP_ALIVE_MS, maxResponseSize: MAX_RESPONSE_BYTES },
    );
    // The same behind every server; without a slash at its end.
    this.#prefix = parsed[0]?.pathname.replace(/\/+$/, "") ?? "";
    this.#timeoutMs = timeoutMs;
    const failed = (test: (failure: CallFailure) => boolean) =>
      handleWhen((thrown) => thrown instanceof CallFailure && test(thrown));
    this.#policy = wrap(
      retry(
        failed(({ canRetry }) => canRetry),
        { maxAttempts: RETRIES, backoff: new ExponentialBackoff({ initialDelay: RETRY_AFTER_MS }) },
      ),
      circuitBreaker(
        failed(({ isFault }) => isFault),
        { halfOpenAfter: { next: () => pause(pauseMs) }, breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW) },
      ),
    );
  }

  /** When the last answer came that was one, in `performance.now()`'s milliseconds. */
  get lastAnswerAt(): number {
    return this.#lastAnswerAt;
  }

  /** @throws `InklingError` as `infer` does, while the server or one of its models is not ready */
  async assertReady(signal?: AbortSignal): Promise<void> {
    await this.#call("GET", "/v2/health/ready", undefined, () => undefined, signal);
  }

  /** @throws `InklingError` as `infer` does */
  async describe(model: string, signal?: AbortSignal): Promise<OipMetadata> {
    return await this.#call("GET", `/v2/models/${model}`, undefined, parseWith(modelSchema), signal);
  }

  /**
   * Runs a model once.
   *
   * @param outputs - those that are wanted; undefined for all
   * @throws `InklingError` with code `model_unavailable` when the server is gone, answers something else, or refuses what it is
   *   sent, `deadline_exceeded` when it takes too long, `overloaded` when it says that it is, or the signal's reason
   */
  async infer(
    model: string,
    inputs: WireTensors,
    outputs?: readonly string[],
    signal?: AbortSignal,
  ): Promise<WireTensors> {
    const binary = await this.#takesBinary(signal);
    const header = outputs
      ? { outputs: outputs.map((name) => ({ name, ...(binary && { parameters: { binary_data: true } }) })) }
      : binary && { parameters: { binary_data_output: true } };
    const { body, jsonBytes } = encodeMessage(header || {}, "inputs", inputs, () => binary);
    const headers = {
      "content-type": jsonBytes === undefined ? "application/json" : "application/octet-stream",
      ...(jsonBytes !== undefined && { [JSON_LENGTH_HEADER]: String(jsonBytes) }),
    };
    const read = (answer: Uint8Array, length: number | undefined) => decodeMessage(answer, "outputs", length).tensors;
    return await this.#call("POST", `/v2/models/${model}/infer`, { body, headers }, read, signal);
  }

  async dispose(): Promise<void> {
    await this.#pool.destroy();
  }

  /** Whether the servers read tensors as bytes; asked once, and again after a failure. */
  async #takesBinary(signal?: AbortSignal): Promise<boolean> {
    this.#binary ??= this.#call("GET", "/v2", undefined, parseWith(serverSchema)).then(
      ({ extensions }) => extensions.some((name) => /^binary_tensor_data/.test(name)),
      (thrown) => {
        this.#binary = undefined;
        throw thrown;
      },
    );
    const binary = await this.#binary;
    signal?.throwIfAborted();
    return binary;
  }

  async #call<Result>(
    method: "GET" | "POST",
    path: string,
    sent: { readonly body: Uint8Array; readonly headers: Record<string, string> } | undefined,
    read: (body: Uint8Array, jsonBytes: number | undefined) => Result,
    signal?: AbortSignal,
  ): Promise<Result> {
    try {
      return await this.#policy.execute(async () => {
        const result = await this.#attempt(method, path, sent, read, signal);
        this.#lastAnswerAt = performance.now();
        return result;
      }, signal);
    } catch (thrown) {
      signal?.throwIfAborted();
      if (thrown instanceof CallFailure) throw thrown.error;
      if (thrown instanceof BrokenCircuitError) throw unavailable("has failed several times in a row", thrown);
      throw thrown;
    }
  }

  async #attempt<Result>(
    method: "GET" | "POST",
    path: string,
    sent: { readonly body: Uint8Array; readonly headers: Record<string, string> } | undefined,
    read: (body: Uint8Array, jsonBytes: number | undefined) => Result,
    signal?: AbortSignal,
  ): Promise<Result> {
    signal?.throwIfAborted();
    const controller = new AbortController();
    const leave = () => controller.abort(signal?.reason);
    signal?.addEventListener("abort", leave, { once: true });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      controller.abort();
    }, this.#timeoutMs);
    try {
      const response = await this.#pool.request({
        method,
        path: `${this.#prefix}${path}`,
        ...sent,
        signal: controller.signal,
      });
      const body = new Uint8Array(await response.body.arrayBuffer());
      if (response.statusCode !== 200) throw refusal(response.statusCode);
      const length = response.headers[JSON_LENGTH_HEADER];
      try {
        return read(body, length === undefined ? undefined : Number(length));
      } catch (cause) {
        throw new CallFailure(unavailable("answers something else than the protocol has", cause), true, false);
      }
    } catch (cause) {
      if (cause instanceof CallFailure) throw cause;
      signal?.throwIfAborted();
      if (isLate) throw new CallFailure(late(this.#timeoutMs), true, false);
      const code = String((cause as { code?: unknown }).code);
      throw new CallFailure(unavailable("cannot be reached", cause), true, UNREACHED.has(code));
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    }
  }
}

/**
 * A pause of the breaker that begins now. Cockatiel compares the milliseconds of `Date.now()` since then with `duration`, each time
 * that it is asked: all or nothing of them leaves it to a clock that only goes forward.
 */
function pause(milliseconds: number): IBackoff<unknown> {
  const endsAt = performance.now() + milliseconds;
  return {
    get duration() {
      return performance.now() < endsAt ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    },
    next: () => pause(milliseconds),
  };
}

function refusal(status: number): CallFailure {
  if (status === 429 || status === 503) {
    const error = new InklingError("overloaded", "The model server is busy.", "Try again in a few seconds.");
    return new CallFailure(error, false, false);
  }
  // What it was sent was checked: one that refuses it has other models.
  return new CallFailure(unavailable(`answers with status ${status}`), status >= 500, false);
}

function parseWith<Schema extends z.ZodType>(schema: Schema) {
  return (body: Uint8Array): z.output<Schema> => schema.parse(JSON.parse(new TextDecoder().decode(body)));
}

function late(timeoutMs: number): InklingError {
  return new InklingError(
    "deadline_exceeded",
    `The model server took longer than ${timeoutMs / 1000} s.`,
    "Try again when it is less busy.",
  );
}

function unavailable(what: string, cause?: unknown): InklingError {
  return new InklingError("model_unavailable", `The model server ${what}.`, "Try again in a few seconds.", { cause });
}
