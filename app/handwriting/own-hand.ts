"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Prime, PrimePoint } from "@/lib/handwriting/types";

/** A sample of the visitor's own hand. */
export interface OwnHand extends Prime {
  /** Another sample is another hand. */
  readonly id: string;
}

const KEY = ["hand"] as const;

/** The visitor's own hand, kept on this device alone. Where the browser keeps nothing it lasts as long as the page. */
export function useOwnHand() {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: async () => (await import("./hand-store")).readHand().catch(() => null),
  });

  function set(hand: OwnHand | null): void {
    client.setQueryData<OwnHand | null>(KEY, hand);
    void import("./hand-store")
      .then((store) => store.storeHand(hand))
      .catch((cause) => console.warn("This hand could not be kept on the device.", cause));
  }

  return { hand: data ?? undefined, keep: set, remove: () => set(null) };
}

/** Strokes as one moves the pen over a pad, the last of which may be growing. */
export type PadStroke = readonly PrimePoint[];

/** Fewest points of a sample from which a hand can be told: about a short word. */
export const FEWEST_POINTS = 30;

/** @param strokes - of any scale */
export function pathsOf(strokes: readonly PadStroke[]): string[] {
  return strokes
    .filter(({ length }) => length > 0)
    .map((stroke) => {
      const points = stroke.map(([x, y]) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`);
      return `M${points.length === 1 ? `${points[0]}L${points[0]}` : points.join("L")}`;
    });
}
