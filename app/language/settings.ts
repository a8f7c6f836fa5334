/** What a visitor can set, and the link that brings it back. */
import {
  DEFAULT_LENGTH,
  DEFAULT_TEMPERATURE,
  MAX_LENGTH,
  MAX_SEED,
  MAX_TEMPERATURE,
  MAX_TEXT_LENGTH,
} from "@/lib/language/options";
import { RUN_ON, type RunOn } from "@/lib/ui/run/measured-times";

/** Longest query of a link: servers and messengers cut longer addresses off. */
export const MAX_QUERY_LENGTH = 6_000;

/** What the model is asked for. */
export interface WritingSettings {
  readonly text: string;
  /** Characters to write. */
  readonly length: number;
  readonly temperature: number;
  readonly seed: number;
}

export const DEFAULT_SETTINGS: Omit<WritingSettings, "text" | "seed"> = {
  length: DEFAULT_LENGTH,
  temperature: DEFAULT_TEMPERATURE,
};

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** What is absent is left to the page. */
export interface SharedSettings extends Partial<WritingSettings> {
  readonly runOn?: RunOn;
}

/** Reads a link's query. What it does not know or cannot use is passed over: an old link still opens. */
export function parseShared({ text, length, temperature, seed, runOn }: Query): SharedSettings {
  return {
    text: typeof text === "string" ? cutText(text) : undefined,
    length: parseNumber(length, MAX_LENGTH, Number.isInteger),
    temperature: parseNumber(temperature, MAX_TEMPERATURE, Number.isFinite),
    seed: parseNumber(seed, MAX_SEED, Number.isInteger),
    runOn: RUN_ON.find((each) => each === runOn),
  };
}

function parseNumber(text: Query[string], most: number, isRight: (value: number) => boolean): number | undefined {
  const value = typeof text === "string" && text.trim() !== "" ? Number(text) : Number.NaN;
  return isRight(value) && value >= 0 && value <= most ? value : undefined;
}

/** No longer than may be asked. */
export function cutText(text: string): string {
  return Array.from(text).slice(0, MAX_TEXT_LENGTH).join("");
}

/** The query of a link that writes the same again; undefined where the text is too long for one. */
export function formatShared(settings: WritingSettings, runOn: RunOn): string | undefined {
  const { text, length, temperature, seed } = settings;
  const query = new URLSearchParams({
    text,
    length: String(length),
    temperature: String(temperature),
    seed: String(seed),
    runOn,
  }).toString();
  return query.length > MAX_QUERY_LENGTH ? undefined : query;
}
