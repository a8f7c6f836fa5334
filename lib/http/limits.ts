import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { env } from "@/lib/env";
import { InklingError } from "@/lib/inference/errors";
import { clientOf } from "./client";

/** Largest body of a request that carries an image. */
export const MAX_IMAGE_BODY_BYTES = 12.5 * 2 ** 20;
/** Bytes of bodies that may be held at the same time: what comes beyond is answered with `overloaded`. */
const MAX_HELD_BYTES = 256 * 2 ** 20;

/** Bounds the bytes that requests hold together, however many there are. */
export class ByteBudget {
  #held = 0;

  constructor(readonly maxBytes: number) {}

  get held(): number {
    return this.#held;
  }

  /**
   * Sets bytes aside.
   *
   * @returns gives them back; calling it twice is harmless
   * @throws `InklingError` with code `overloaded`
   */
  reserve(bytes: number): () => void {
    if (this.#held + bytes > this.maxBytes) {
      throw new InklingError(
        "overloaded",
        "The server is receiving as many uploads as it can hold.",
        "Try again in a few seconds.",
      );
    }
    this.#held += bytes;
    let reserved = bytes;
    return () => {
      this.#held -= reserved;
      reserved = 0;
    };
  }
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingByteBudget?: ByteBudget; inklingRateLimiter?: RateLimiterAbstract };

/** The budget of all routes that take uploads. */
export function getByteBudget(): ByteBudget {
  shared.inklingByteBudget ??= new ByteBudget(MAX_HELD_BYTES);
  return shared.inklingByteBudget;
}

/**
 * Counts a request against its client's limit, where `RATE_LIMIT_PER_MINUTE` sets one.
 *
 * @returns seconds after which to ask again when the limit is reached, else undefined
 */
export async function overRateLimit(request: Request): Promise<number | undefined> {
  if (env.RATE_LIMIT_PER_MINUTE === undefined) return undefined;
  shared.inklingRateLimiter ??= new RateLimiterMemory({ points: env.RATE_LIMIT_PER_MINUTE, duration: 60 });
  try {
    await shared.inklingRateLimiter.consume(clientOf(request));
    return undefined;
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return Math.ceil(thrown.msBeforeNext / 1000);
    throw thrown;
  }
}
