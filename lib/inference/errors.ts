/**
 * The one error type of worker, route and page: a code that programs read, a sentence that people read, and what to do.
 */

/** Every code of the HTTP API, with its status and title (RFC 9457). */
export const ERROR_CODES = {
  missing_field: { status: 400, title: "A field is missing" },
  invalid_field: { status: 400, title: "A field is not valid" },
  invalid_body: { status: 400, title: "The body cannot be read" },
  not_found: { status: 404, title: "There is nothing at this address" },
  image_not_cached: { status: 404, title: "The image is no longer known" },
  unknown_model: { status: 404, title: "No such model" },
  method_not_allowed: { status: 405, title: "This method is not allowed" },
  image_too_large: { status: 413, title: "The image is too large" },
  body_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "This media type is not supported" },
  invalid_image: { status: 422, title: "The image cannot be read" },
  text_too_long: { status: 422, title: "The text is too long" },
  unsupported_characters: { status: 422, title: "Some characters are not supported" },
  rate_limited: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong here" },
  overloaded: { status: 503, title: "The server is busy" },
  model_unavailable: { status: 503, title: "The model is not available" },
  deadline_exceeded: { status: 504, title: "The time limit passed" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** What crosses a worker's or the network's boundary in place of the error itself. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly suggestion: string;
}

export class InklingError extends Error {
  /**
   * By its name: Next bundles each route by itself, so that there are several copies of this class, and what the pool throws, which
   * all routes share, is an instance of another copy than the route's.
   */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "InklingError";
  }

  override readonly name = "InklingError";
  readonly code: ErrorCode;
  /** HTTP status of the code. */
  readonly status: number;
  /** One sentence: what happened, naming the field and what was received. */
  readonly detail: string;
  /** One sentence: what to do about it. */
  readonly suggestion: string;

  /**
   * @param code - which failure
   * @param detail - one sentence that says what happened; shown to users, so without paths or library names
   * @param suggestion - one sentence that says what to do
   * @param options - `cause` is kept for the log and never shown
   */
  constructor(code: ErrorCode, detail: string, suggestion: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
    this.status = ERROR_CODES[code].status;
    this.detail = detail;
    this.suggestion = suggestion;
  }

  /** The short title of the code, the same for each of its occurrences. */
  get title(): string {
    return ERROR_CODES[this.code].title;
  }

  /** The parts that survive a structured clone. */
  toData(): ErrorData {
    return { code: this.code, detail: this.detail, suggestion: this.suggestion };
  }

  static fromData({ code, detail, suggestion }: ErrorData): InklingError {
    return new InklingError(code, detail, suggestion);
  }

  /** Any thrown value as an `InklingError`: one that is not yet one becomes `internal`, with it as the cause. */
  static from(thrown: unknown): InklingError {
    if (thrown instanceof InklingError) return thrown;
    return new InklingError(
      "internal",
      "An unexpected failure stopped this request.",
      "Try again; if it happens again, report it with the request's id.",
      { cause: thrown },
    );
  }
}

/** Whether a thrown value is a cancellation (`AbortSignal`'s default reason, or a `DOMException` of that name). */
export function isAbortError(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "AbortError";
}
