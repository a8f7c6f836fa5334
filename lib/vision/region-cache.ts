import { LRUCache } from "lru-cache";
import { PromiseCache } from "@/lib/inference/promise-cache";

/** What is kept of a photo: never the photo itself. */
export interface EncodedImage {
  /** float32 [49, C], as the vision encoder gave it. */
  readonly regions: Float32Array<ArrayBuffer>;
  /** Pixels of the photo, after EXIF orientation. */
  readonly width: number;
  /** Pixels of the photo, after EXIF orientation. */
  readonly height: number;
}

/**
 * The vision encoder's output by the SHA-256 of the photo's bytes, bounded in bytes; the least recently used go first.
 * Requests for the same photo that arrive together share one encoding.
 */
export class RegionCache {
  readonly #cache: LRUCache<string, EncodedImage>;
  readonly #pending = new PromiseCache<EncodedImage>();
  #hits = 0;
  #misses = 0;

  /** @param maxBytes - most bytes of regions to keep; 0 keeps nothing */
  constructor(maxBytes: number) {
    // The library knows no empty cache; nothing fits into one byte.
    this.#cache = new LRUCache({
      maxSize: Math.max(1, maxBytes),
      sizeCalculation: ({ regions }) => regions.byteLength,
    });
  }

  /** Lookups that needed no encoding of their own. */
  get hits(): number {
    return this.#hits;
  }

  /** Lookups that had to encode, or that found nothing. */
  get misses(): number {
    return this.#misses;
  }

  /** Bytes kept now. */
  get bytes(): number {
    return this.#cache.calculatedSize;
  }

  /** What is kept of a photo, if anything is. */
  find(sha256: string): EncodedImage | undefined {
    const found = this.#cache.get(sha256);
    if (found) this.#hits += 1;
    else this.#misses += 1;
    return found;
  }

  /**
   * What is kept of a photo, encoded first where nothing is.
   *
   * @param encode - its signal is aborted once everyone who waits for this photo has gone away
   * @param signal - this caller's own
   * @throws what `encode` throws, or this caller's abort reason
   */
  async get(
    sha256: string,
    encode: (signal: AbortSignal) => Promise<EncodedImage>,
    signal?: AbortSignal,
  ): Promise<EncodedImage> {
    const kept = this.#cache.get(sha256);
    if (kept) {
      this.#hits += 1;
      return kept;
    }
    let encoding = false;
    const encoded = await this.#pending.get(
      sha256,
      (shared) => {
        encoding = true;
        return encode(shared).then((image) => {
          this.#cache.set(sha256, image);
          return image;
        });
      },
      signal,
    );
    this.#pending.delete(sha256);
    if (encoding) this.#misses += 1;
    else this.#hits += 1;
    return encoded;
  }
}
