/** What a visitor can set, and the link that brings it back. */
import { normalizeText } from "@/lib/handwriting/characters";
import {
  DEFAULT_BIAS,
  MAX_BIAS,
  MAX_LINE_WIDTH,
  MAX_LINES,
  MAX_SEED,
  MAX_TEXT_LENGTH,
  MIN_LINE_WIDTH,
} from "@/lib/handwriting/options";
import { RUN_ON, type RunOn } from "@/lib/ui/run/measured-times";

/** What the page opens with. */
export const DEFAULT_TEXT = "Type a line, and watch it being written.";

/** Lines that are written without a text. */
export const DREAM_LINES = 4;

/** How much faster than a hand the pen goes. */
export const SPEEDS: readonly number[] = [0.5, 1, 2, 4, 8, Number.POSITIVE_INFINITY];

export const PAPERS = ["plain", "ruled", "dark"] as const;
export type Paper = (typeof PAPERS)[number];

export const MIN_WIDTH = 0.6;
export const MAX_WIDTH = 5;

/** What the model is asked for. */
export interface WritingSettings {
  readonly text: string;
  /** Whether it writes without the text: what looks like words and says nothing. */
  readonly dream: boolean;
  /** 0 to 2³² − 1. */
  readonly seed: number;
  /** Id of a style, null for an unprimed hand; undefined for the first of all styles. */
  readonly style: string | null | undefined;
  /** 0 to 5. */
  readonly bias: number;
  /** Characters a line, 10 to 100. */
  readonly lineWidth: number;
}

/** How it is shown, which asks nothing of the model. */
export interface Look {
  /** One of `SPEEDS`. */
  readonly speed: number;
  /** Of the line, in twentieths of the x-height. */
  readonly width: number;
  /** `#rrggbb`; undefined for the ink of the page, which follows the paper. */
  readonly color: string | undefined;
  readonly paper: Paper;
}

export const DEFAULT_LOOK: Look = { speed: 2, width: 1.8, color: undefined, paper: "plain" };

/** What a link can say. A hand of the visitor's own is never in a link. */
export interface SharedSettings extends Omit<WritingSettings, "seed" | "lineWidth"> {
  /** Undefined where the link leaves it to chance. */
  readonly seed: number | undefined;
  /** Undefined where the link leaves it to the page. */
  readonly lineWidth: number | undefined;
  readonly look: Look;
  readonly runOn: RunOn | undefined;
}

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** Reads a link's query. What it does not know or cannot use is passed over: an old link still opens. */
export function parseShared(query: Query): SharedSettings {
  const { text, style, color } = query;
  const dream = query.dream === "1";
  const speed = query.speed === "instant" ? Number.POSITIVE_INFINITY : number(query.speed, 0, 100);
  return {
    text: typeof text === "string" && text.trim() !== "" ? cutText(text) : DEFAULT_TEXT,
    dream,
    seed: integer(query.seed, 0, MAX_SEED),
    // Without a text and a hand it is nobody's, as the API has it.
    style: style === "none" ? null : typeof style === "string" && style !== "" ? style : dream ? null : undefined,
    bias: number(query.bias, 0, MAX_BIAS) ?? DEFAULT_BIAS,
    lineWidth: integer(query.lineWidth, MIN_LINE_WIDTH, MAX_LINE_WIDTH),
    look: {
      speed: SPEEDS.find((each) => each === speed) ?? DEFAULT_LOOK.speed,
      width: number(query.width, MIN_WIDTH, MAX_WIDTH) ?? DEFAULT_LOOK.width,
      color: typeof color === "string" && /^#[0-9a-f]{6}$/.test(color) ? color : undefined,
      paper: PAPERS.find((paper) => paper === query.paper) ?? DEFAULT_LOOK.paper,
    },
    runOn: RUN_ON.find((runOn) => runOn === query.runOn),
  };
}

/** The query of a link that draws the same again: what the page would do by itself is left out. */
export function formatShared({ text, dream, seed, style, bias, lineWidth, look, runOn }: SharedSettings): string {
  const query = new URLSearchParams({ text });
  if (dream) query.set("dream", "1");
  if (seed !== undefined) query.set("seed", String(seed));
  if (style !== undefined) query.set("style", style ?? "none");
  if (bias !== DEFAULT_BIAS) query.set("bias", String(bias));
  if (lineWidth !== undefined) query.set("lineWidth", String(lineWidth));
  if (look.speed !== DEFAULT_LOOK.speed)
    query.set("speed", Number.isFinite(look.speed) ? String(look.speed) : "instant");
  if (look.width !== DEFAULT_LOOK.width) query.set("width", String(look.width));
  if (look.color) query.set("color", look.color);
  if (look.paper !== DEFAULT_LOOK.paper) query.set("paper", look.paper);
  if (runOn) query.set("runOn", runOn);
  return query.toString();
}

/** A text no longer, and of no more lines, than may be written; with one kind of line break, in NFC. */
export function cutText(text: string): string {
  const lines = normalizeText(text).split("\n").slice(0, MAX_LINES);
  return Array.from(lines.join("\n")).slice(0, MAX_TEXT_LENGTH).join("");
}

export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}

function number(text: string | string[] | undefined, least: number, most: number): number | undefined {
  if (typeof text !== "string" || !/^\d{1,10}(\.\d{1,3})?$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

function integer(text: string | string[] | undefined, least: number, most: number): number | undefined {
  const value = number(text, least, most);
  return Number.isInteger(value) ? value : undefined;
}
