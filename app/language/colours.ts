/** What colours each character: how surprising it was, or what a unit holds. */
import type { ReadCharacter } from "@/lib/language/pipeline";
import { SHOWN_UNITS, type TrackingUnit, UNITS } from "./units";

/** "surprise", or the place of a unit among `UNITS`. */
export type Colouring = "surprise" | number;

/** Bits from which on a character is as surprising as can be shown: one in 256. */
const MOST_BITS = 8;
/** Of the strongest colour; ink on it can still be read. */
const STRONGEST = 45;

/** The background of a character, as CSS; undefined for none. */
export function backgroundOf({ surprise, memory }: ReadCharacter, colouring: Colouring): string | undefined {
  return colour(colouring === "surprise" ? surprise / MOST_BITS : placeOf(memory?.[colouring] ?? 0, colouring));
}

/** Where a unit's memory lies between its usual lowest, −1, and its usual highest, 1. */
function placeOf(memory: number, colouring: number): number {
  const { low, high } = UNITS[colouring] as TrackingUnit;
  return (2 * (memory - low)) / (high - low) - 1;
}

/** @param value - −1 to 1 */
function colour(value: number): string | undefined {
  const strength = Math.round(Math.min(1, Math.abs(value)) * STRONGEST);
  if (strength < 2) return undefined;
  return mix(value > 0 ? "--seen" : "--ink", value > 0 ? strength : strength / 2);
}

/** The legend's colours, from the lowest value to the highest. */
export function legendOf(colouring: Colouring): readonly (readonly [background: string | undefined, label: string])[] {
  if (colouring === "surprise") {
    return [0, 2, 4, 6, 8].map((bits) => [
      colour(bits / MOST_BITS),
      bits === MOST_BITS ? `${bits} bits or more` : String(bits),
    ]);
  }
  const { low, high } = UNITS[colouring] as TrackingUnit;
  return [-1, -0.5, 0, 0.5, 1].map((place) => [colour(place), formatMemory(low + ((place + 1) / 2) * (high - low))]);
}

function mix(variable: string, percent: number): string {
  return `color-mix(in srgb, var(${variable}) ${percent}%, transparent)`;
}

/** How a character is named in a sentence. */
export function nameOf(text: string): string {
  if (text === " ") return "a space";
  return text === "\n" ? "a line break" : `“${text}”`;
}

/** What is known of a character, in a sentence. */
export function describe({ text, surprise, memory }: ReadCharacter, isGiven: boolean): string {
  const bits = `${surprise.toFixed(1)} ${surprise.toFixed(1) === "1.0" ? "bit" : "bits"}`;
  const held = SHOWN_UNITS.map((place) => `${UNITS[place]?.label} ${formatMemory(memory?.[place] ?? 0)}`).join("; ");
  return `${nameOf(text)}, ${isGiven ? "yours" : "written"}: ${bits}, as the model gave it ${formatChance(surprise)}. Units: ${held}.`;
}

function formatMemory(value: number): string {
  return value.toFixed(2).replace("-", "−");
}

/** A probability by its bits: "63 %", "0.4 %", "1 in 5,000". */
function formatChance(bits: number): string {
  const percent = 100 * 2 ** -bits;
  if (percent >= 10) return `${Math.round(percent)} %`;
  if (percent >= 0.1) return `${percent.toFixed(1)} %`;
  return `1 in ${Math.round(2 ** bits).toLocaleString("en")}`;
}

/** Bits per character; undefined for none. */
export function meanSurprise(characters: readonly ReadCharacter[]): number | undefined {
  if (characters.length === 0) return undefined;
  return characters.reduce((sum, { surprise }) => sum + surprise, 0) / characters.length;
}
