/** How much a device is to rest between frames: when it grows hot it slows down by itself, and a battery is not to be emptied. */

export type RestReason = "heat" | "battery";

export interface Rest {
  /** Milliseconds. */
  readonly milliseconds: number;
  readonly reason?: RestReason;
}

/** What browsers say that have the Battery Status API. */
export interface Battery {
  /** 0 to 1. */
  readonly level: number;
  readonly charging: boolean;
}

/** Frames over which a median is taken. */
const WINDOW = 8;
/** How many times as long as at its best the device takes where it counts as hot, and where it no longer does. */
const HOT = 1.6;
const COOL = 1.25;
/** How much the best is forgotten a frame: other programs that come and stay are not heat. */
const FORGET = 1.001;
/** At a level of this, and lower, without a charger, the device rests as long as it worked, and three times as long. */
const LOW = 0.2;
const VERY_LOW = 0.1;
/** Milliseconds that it rests at most: a device that is slow in itself is not to seem dead. */
const LONGEST = 3000;

/**
 * Says after each frame how long to rest: not at all where the device is as fast as it was at its best.
 *
 * @example
 * const rest = createPace();
 * rest(180); // { milliseconds: 0 }
 */
export function createPace(): (milliseconds: number, battery?: Battery) => Rest {
  let latest: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  let hot = false;

  return (milliseconds, battery) => {
    latest = [...latest.slice(1 - WINDOW), milliseconds];
    if (latest.length === WINDOW) {
      const current = median(latest);
      best = Math.min(current, best * FORGET);
      hot = current > best * (hot ? COOL : HOT);
    }
    if (battery && !battery.charging && battery.level <= LOW) {
      const times = battery.level <= VERY_LOW ? 3 : 1;
      return { milliseconds: Math.min(milliseconds * times, LONGEST), reason: "battery" };
    }
    return hot ? { milliseconds: Math.min(milliseconds, LONGEST), reason: "heat" } : { milliseconds: 0 };
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
