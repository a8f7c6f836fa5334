/** Decides which requests are worked on, which wait, and which are refused: before anything is computed for them. */
import { InklingError } from "./errors";
import { FairQueue } from "./fair-queue";

export interface AdmissionOptions {
  /**
   * Weight of the requests that are worked on at the same time. A request of weight 1 takes the machine for itself when it is alone;
   * `capacity` of them take each other that many times as long.
   */
  readonly capacity: number;
  /** Requests that may wait. */
  readonly maxWaiting: number;
  /** Longest that a request may have to wait, in milliseconds, by what those before it took. */
  readonly maxWaitMs: number;
  /**
   * How long a weight of 1 takes, in milliseconds, as long as none has been seen; without a guess the first crowd would all be let to
   * wait, the last of them beyond their time. Default: no guess.
   */
  readonly guessMs?: number;
}

interface Visit {
  readonly client: string;
  readonly weight: number;
  /** Lets it in. */
  readonly start: () => void;
}

/**
 * Weight beyond the capacity that is there for smaller requests alone: refusing what takes a moment would help nobody, and let go of
 * answers that cost next to nothing.
 */
const RESERVE = 0.3;

/** What the requests before count for in the moving average of how fast they leave, each time that another has left. */
const MEMORY = 0.8;

/**
 * The door to the models. What comes when `capacity` is taken up (a little more for small requests):
 *
 * - A client of whom nothing is here enters at once where another client has more than one request here, and is refused where as
 *   many clients are served as the capacity has room for. It never waits: under overload the answers that are given come
 *   quickly, and the others are told at once (a loss system, as Erlang's).
 * - A client's further requests wait for its own, in turns with other clients', since it alone decides how many it sends at a time.
 *
 * @example
 * const admission = new Admission({ capacity: 3, maxWaiting: 256, maxWaitMs: 10_000 });
 * const leave = await admission.enter(1, "192.0.2.1", request.signal);
 * try { … } finally { leave(); }
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #queue = new FairQueue<Visit>();
  /** Those let in, by client. */
  readonly #visits = new Map<string, Visit[]>();
  #weight = 0;
  #waitingWeight = 0;
  /** How long it took while others waited, in milliseconds, and what weight left in that time; both fade. */
  #left = { milliseconds: 0, weight: 0 };
  #lastChangeAt = 0;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    if (options.guessMs) this.#left = { milliseconds: options.guessMs, weight: 1 };
  }

  /** Weight of the requests that are worked on. */
  get weight(): number {
    return this.#weight;
  }

  /** Requests that wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether requests of other clients are worked on: what is done beyond the needful then takes their time. */
  servesOthers(client: string): boolean {
    return this.#visits.size > (this.#visits.has(client) ? 1 : 0);
  }

  /**
   * Refuses a client that `enter` would refuse, whatever it asks for: before its request is read.
   *
   * @throws `InklingError` with code `overloaded`
   */
  assertOpen(client: string): void {
    if (!this.#visits.has(client) && !this.#mayStart(client, 0)) throw busyWithOthers();
  }

  /**
   * Waits until a request may be worked on.
   *
   * @param weight - its part of the machine, above 0 and at most 1
   * @param client - whom it comes from
   * @returns to be called once its work is over, whatever became of it; calling it twice is harmless
   * @throws `InklingError` with code `overloaded`, or the signal's reason
   */
  enter(weight: number, client: string, signal?: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const visit: Visit = {
        client,
        weight,
        start: () => {
          signal?.removeEventListener("abort", abandon);
          resolve(this.#letIn(visit));
        },
      };
      const abandon = () => {
        this.#queue.remove(client, visit);
        this.#waitingWeight -= weight;
        reject(signal?.reason);
      };
      if (this.#mayStart(client, weight)) return visit.start();
      if (!this.#visits.has(client)) throw busyWithOthers();
      const { maxWaiting, maxWaitMs } = this.#options;
      if (this.#queue.size >= maxWaiting || this.#waitMs() > maxWaitMs) {
        throw overloaded(`${this.#queue.size} requests are waiting already.`);
      }
      if (this.#queue.size === 0) this.#lastChangeAt = performance.now();
      signal?.addEventListener("abort", abandon, { once: true });
      this.#queue.push(client, visit);
      this.#waitingWeight += weight;
    });
  }

  #mayStart(client: string, weight: number): boolean {
    const { capacity } = this.#options;
    if (this.#weight + Math.min(weight, RESERVE) < capacity + RESERVE) return true;
    if (this.#visits.has(client)) return false;
    // What would be here if each client had sent one request alone.
    const fair = [...this.#visits.values()].reduce((sum, [first]) => sum + (first as Visit).weight, 0);
    return fair < capacity;
  }

  #letIn(visit: Visit): () => void {
    const { client, weight } = visit;
    this.#weight += weight;
    this.#visits.set(client, [...(this.#visits.get(client) ?? []), visit]);
    return () => {
      const visits = this.#visits.get(client);
      if (!visits?.includes(visit)) return;
      if (visits.length === 1) this.#visits.delete(client);
      else visits.splice(visits.indexOf(visit), 1);
      // Sums of fractions leave a rest.
      this.#weight = this.#visits.size === 0 ? 0 : this.#weight - weight;
      this.#measure(weight);
      this.#startNext();
    };
  }

  #measure(weight: number): void {
    if (this.#queue.size === 0) return;
    const now = performance.now();
    this.#left = {
      milliseconds: MEMORY * this.#left.milliseconds + now - this.#lastChangeAt,
      weight: MEMORY * this.#left.weight + weight,
    };
    this.#lastChangeAt = now;
  }

  /** How long it takes, in milliseconds, until what waits now has left. */
  #waitMs(): number {
    const { milliseconds, weight } = this.#left;
    return weight === 0 ? 0 : (this.#waitingWeight * milliseconds) / weight;
  }

  #startNext(): void {
    while (this.#weight < this.#options.capacity) {
      const [visit] = this.#queue.take(1);
      if (!visit) return;
      this.#waitingWeight -= visit.weight;
      visit.start();
    }
    if (this.#queue.size === 0) this.#waitingWeight = 0;
  }
}

function busyWithOthers(): InklingError {
  return overloaded("The server is busy with the requests of others.");
}

function overloaded(detail: string): InklingError {
  return new InklingError("overloaded", detail, "Try again in a few seconds.");
}
