/** The captions of a folder, as files to keep. */
import type { Caption } from "@/lib/captioning/pipeline";

export interface FolderRow {
  /** Path inside the folder. */
  readonly file: string;
  readonly captions?: readonly Caption[];
  /** Where it ran, e.g. "server, cpu". */
  readonly ranOn?: string;
  readonly milliseconds?: number;
  /** What is wrong with this photo, and what to do. */
  readonly error?: string;
}

/** What a spreadsheet would take for a formula: a name such as "=1+1.jpg" must stay text, and -7.5 a number. */
const FORMULA = /^(?:[=+@\t\r]|-(?!\d+(?:\.\d+)?$))/;

/** One line a photo. The library is loaded when it is first needed. */
export async function toCsv(rows: readonly FolderRow[]): Promise<string> {
  const { default: Papa } = await import("papaparse");
  const table = rows.map(({ file, captions = [], ranOn = "", milliseconds, error = "" }) => ({
    file,
    caption: captions[0]?.text ?? "",
    log_probability: captions[0]?.logProbability ?? "",
    other_captions: captions
      .slice(1)
      .map(({ text }) => text)
      .join(" | "),
    ran_on: ranOn,
    milliseconds: milliseconds === undefined ? "" : Math.round(milliseconds),
    error,
  }));
  return `${Papa.unparse(table, { escapeFormulae: FORMULA })}\r\n`;
}

export function toJson(rows: readonly FolderRow[]): string {
  return `${JSON.stringify({ photos: rows }, null, 2)}\n`;
}
