/** What a visitor can set, and the link that brings it back. */
import { DEFAULT_BEAM_WIDTH, DEFAULT_COUNT, MAX_BEAM_WIDTH } from "@/lib/captioning/options";
import { RUN_ON, type RunOn } from "@/lib/ui/run/measured-times";

export interface CaptionSettings {
  /** 1 to 10. */
  readonly beamWidth: number;
  /** 1 to `beamWidth`. */
  readonly count: number;
  /** Whether the best is the caption that samples agree on most; else it is the most probable one. */
  readonly rerank: boolean;
}

/** What a link can say. What is absent is left to the page. */
export interface SharedSettings extends CaptionSettings {
  /** A sample's id: a photo of the visitor's own is never in a link. */
  readonly photo?: string;
  readonly runOn?: RunOn;
}

/** What the API takes where nothing is said. */
export const DEFAULT_SETTINGS: CaptionSettings = {
  beamWidth: DEFAULT_BEAM_WIDTH,
  count: defaultCount(DEFAULT_BEAM_WIDTH),
  rerank: true,
};

type Query = Readonly<Record<string, string | string[] | undefined>>;

export function defaultCount(beamWidth: number): number {
  return Math.min(DEFAULT_COUNT, beamWidth);
}

/** Reads a link's query. What it does not know or cannot use is passed over: an old link still opens. */
export function parseShared(query: Query): SharedSettings {
  const beamWidth = integer(query.beamWidth, 1, MAX_BEAM_WIDTH) ?? DEFAULT_BEAM_WIDTH;
  return {
    beamWidth,
    count: integer(query.count, 1, beamWidth) ?? defaultCount(beamWidth),
    rerank: query.rerank !== "false",
    photo: typeof query.photo === "string" ? query.photo : undefined,
    runOn: RUN_ON.find((runOn) => runOn === query.runOn),
  };
}

/** The query of a link that shows the same again. */
export function formatShared({ photo, beamWidth, count, rerank, runOn }: SharedSettings): string {
  const query = new URLSearchParams();
  if (photo) query.set("photo", photo);
  query.set("beamWidth", String(beamWidth));
  query.set("count", String(count));
  if (!rerank) query.set("rerank", "false");
  if (runOn) query.set("runOn", runOn);
  return query.toString();
}

function integer(text: string | string[] | undefined, least: number, most: number): number | undefined {
  if (typeof text !== "string" || !/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
