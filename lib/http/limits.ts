import { env } from "@/lib/env";
import { InklingError } from "@/lib/inference/errors";
import { clientOf } from "./client";
import { TokenBuckets } from "./token-buckets";

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

  /** For one body: what it holds is counted as it arrives, so that who declares much and sends little takes little. */
  open(): HeldBytes {
    let mine = 0;
    return {
      add: (bytes) => {
        if (this.#held + bytes > this.maxBytes) {
          throw new InklingError(
            "overloaded",
            "The server is receiving as many uploads as it can hold.",
            "Try again in a few seconds.",
          );
        }
        this.#held += bytes;
        mine += bytes;
      },
      release: () => {
        this.#held -= mine;
        mine = 0;
      },
    };
  }
}

/** The bytes of one body in a `ByteBudget`. */
export interface HeldBytes {
  /** @throws `InklingError` with code `overloaded` when all bodies together would hold too much */
  add(bytes: number): void;
  /** Gives them back; calling it twice is harmless. */
  release(): void;
}

/** Clients whose requests are counted at the same time: some 10 MiB. */
const MAX_CLIENTS = 50_000;

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingByteBudget?: ByteBudget; inklingTokenBuckets?: TokenBuckets };

/** The budget of all routes that take uploads. */
export function getByteBudget(): ByteBudget {
  shared.inklingByteBudget ??= new ByteBudget(MAX_HELD_BYTES);
  return shared.inklingByteBudget;
}

/**
 * Counts a request against its client's limit, where `RATE_LIMIT_PER_MINUTE` sets one.
 *
 * @returns seconds after which to ask again when the limit is reached, else 0
 */
export function overRateLimit(request: Request): number {
  const { RATE_LIMIT_PER_MINUTE: perMinute, RATE_LIMIT_BURST: capacity = perMinute } = env;
  if (perMinute === undefined || capacity === undefined) return 0;
  shared.inklingTokenBuckets ??= new TokenBuckets({ capacity, perSecond: perMinute / 60, maxClients: MAX_CLIENTS });
  return shared.inklingTokenBuckets.take(clientOf(request));
}
