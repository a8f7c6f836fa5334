/** What a link to the page can say. */
import { DEFAULT_BEAM_WIDTH, MAX_BEAM_WIDTH, MAX_TEXT_LENGTH } from "@/lib/translation/options";
import { RUN_ON, type RunOn } from "@/lib/ui/run/measured-times";

type Query = Readonly<Record<string, string | string[] | undefined>>;

/** What is asked: both translators get the same. */
export interface Asked {
  readonly text: string;
  readonly beamWidth: number;
}

/** What is absent is left to the page. */
export interface SharedSettings extends Partial<Asked> {
  readonly runOn?: RunOn;
}

/** Reads a link's query. What it does not know or cannot use is passed over: an old link still opens. */
export function parseShared({ text, beamWidth, runOn }: Query): SharedSettings {
  const width = typeof beamWidth === "string" && /^\d{1,2}$/.test(beamWidth) ? Number(beamWidth) : 0;
  return {
    text: typeof text === "string" && text.trim() !== "" ? cutText(text) : undefined,
    beamWidth: width >= 1 && width <= MAX_BEAM_WIDTH ? width : undefined,
    runOn: RUN_ON.find((each) => each === runOn),
  };
}

/** The query of a link that shows the same again; the default beam is left out. */
export function formatShared({ text, beamWidth }: Asked, runOn: RunOn): string {
  const query = new URLSearchParams({ text });
  if (beamWidth !== DEFAULT_BEAM_WIDTH) query.set("beamWidth", String(beamWidth));
  query.set("runOn", runOn);
  return query.toString();
}

/** No longer than may be asked, on one line. */
export function cutText(text: string): string {
  return Array.from(text.replace(/\s/gu, " ")).slice(0, MAX_TEXT_LENGTH).join("");
}
