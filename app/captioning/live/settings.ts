"use client";

import { useStoredState } from "@/lib/ui/use-stored-state";

/** What a visitor can switch; remembered on the device. */
export interface LiveSettings {
  /** The small encoder sees. */
  readonly quick: boolean;
  /** Captions stay until they could be read. */
  readonly steady: boolean;
  /** Where the model looks goes over the picture, word after word. */
  readonly shimmer: boolean;
  readonly spoken: boolean;
  /** For those who read from afar, or see little. */
  readonly largeType: boolean;
}

const DEFAULTS: LiveSettings = { quick: false, steady: true, shimmer: false, spoken: false, largeType: false };

/** Reads what was stored; what it does not know is as it is at first. */
export function parseLiveSettings(stored: string | null): LiveSettings {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? "{}");
  } catch {
    value = {};
  }
  const record = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const read = (name: keyof LiveSettings) => {
    const each = record[name];
    return typeof each === "boolean" ? each : DEFAULTS[name];
  };
  return {
    quick: read("quick"),
    steady: read("steady"),
    shimmer: read("shimmer"),
    spoken: read("spoken"),
    largeType: read("largeType"),
  };
}

export function useLiveSettings(): [LiveSettings, (change: Partial<LiveSettings>) => void] {
  const [settings, store] = useStoredState("inkling.live", parseLiveSettings);
  return [settings, (change) => store(JSON.stringify({ ...settings, ...change }))];
}
