/** One frame at a time, and always the newest: whatever comes while one is worked on is not kept waiting but left out. */

export interface Pump {
  /** There is a newer frame. */
  offer(): void;
  /** Takes no more frames. Work that is under way comes to its end. */
  stop(): void;
}

/**
 * @param work - takes the newest frame and works on it; gives the milliseconds to rest afterwards
 * @param onError - called once with what `work` throws, which stops the pump
 */
export function createPump(work: () => Promise<number>, onError: (thrown: unknown) => void): Pump {
  let fresh = false;
  let busy = false;
  let stopped = false;

  async function run() {
    busy = true;
    try {
      while (fresh && !stopped) {
        fresh = false;
        const rest = await work();
        if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      }
    } catch (thrown) {
      if (!stopped) onError(thrown);
      stopped = true;
    } finally {
      busy = false;
    }
  }

  return {
    offer() {
      fresh = true;
      if (!busy && !stopped) void run();
    },
    stop() {
      stopped = true;
    },
  };
}
