import { LRUCache } from "lru-cache";

export interface TokenBucketOptions {
  /** Tokens a bucket holds at most: requests that a client may send at once. */
  readonly capacity: number;
  /** Tokens that flow in a second. */
  readonly perSecond: number;
  /** Buckets that are kept; the one that was used longest ago makes room, and is full when its client comes back. */
  readonly maxClients: number;
  /** Milliseconds on a clock that never jumps. */
  readonly now?: () => number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** A token bucket for each client: bursts up to the capacity, and on average no more than flows in. */
export class TokenBuckets {
  readonly #options: Required<TokenBucketOptions>;
  readonly #buckets: LRUCache<string, Bucket>;

  constructor(options: TokenBucketOptions) {
    this.#options = { now: () => performance.now(), ...options };
    this.#buckets = new LRUCache({ max: options.maxClients });
  }

  /** Clients whose buckets are kept. */
  get clients(): number {
    return this.#buckets.size;
  }

  /**
   * Takes a token.
   *
   * @returns 0, or seconds until there is one where there is none
   */
  take(client: string): number {
    const { capacity, perSecond, now } = this.#options;
    const at = now();
    const bucket = this.#buckets.get(client) ?? { tokens: capacity, at };
    const tokens = Math.min(capacity, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
    const taken = tokens >= 1;
    this.#buckets.set(client, { tokens: taken ? tokens - 1 : tokens, at });
    return taken ? 0 : (1 - tokens) / perSecond;
  }
}
