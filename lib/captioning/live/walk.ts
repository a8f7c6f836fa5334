/** A walk: the captions that were shown one after the other, each with its frame, as files to keep. */
import type { Caption } from "../pipeline";

export interface WalkEntry {
  readonly id: number;
  /** Seconds from the walk's beginning, or of the video where it is one. */
  readonly time: number;
  readonly caption: Caption;
  /** JPEG. */
  readonly frame: Blob;
  readonly width: number;
  readonly height: number;
}

/** "1:04", "1:02:09" */
export function formatTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** "00:01:04.250", as WebVTT has it. */
function formatCueTime(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  const pad = (value: number, digits: number) => String(value).padStart(digits, "0");
  const part = (unit: number, size: number) => pad(Math.floor(milliseconds / unit) % size, 2);
  return `${pad(Math.floor(milliseconds / 3_600_000), 2)}:${part(60_000, 60)}:${part(1000, 60)}.${pad(milliseconds % 1000, 3)}`;
}

/**
 * The walk as WebVTT (W3C): each caption from its time to the next one's.
 *
 * @param end - of the walk, in seconds
 */
export function toVtt(entries: readonly WalkEntry[], end: number): string {
  const inOrder = [...entries].sort((a, b) => a.time - b.time);
  const cues = inOrder.map(({ time, caption }, index) => {
    const until = inOrder[index + 1]?.time ?? Math.max(end, time + 1);
    // Plain words; but no cue may hold "<", "&" or "-->", whatever the vocabulary.
    const text = caption.text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return `${formatCueTime(time)} --> ${formatCueTime(until)}\n${text}\n`;
  });
  return ["WEBVTT\n", ...cues].join("\n");
}

/** Where a frame lies in the archive. */
function frameName(index: number): string {
  return `frames/${String(index + 1).padStart(4, "0")}.jpg`;
}

/** One line a caption. The library is loaded when it is first needed. */
export async function toCsv(entries: readonly WalkEntry[]): Promise<string> {
  const { default: Papa } = await import("papaparse");
  const table = entries.map(({ time, caption }, index) => ({
    time: formatTime(time),
    seconds: time.toFixed(2),
    caption: caption.text,
    log_probability: caption.logProbability.toFixed(4),
    frame: frameName(index),
  }));
  return `${Papa.unparse(table)}\r\n`;
}

/** Frames, WebVTT and CSV as a ZIP archive. Nothing is compressed: JPEGs are already. */
export async function toZip(entries: readonly WalkEntry[], end: number): Promise<Blob> {
  const { Zip, ZipPassThrough } = await import("fflate");
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let failure: Error | null = null;
  const archive = new Zip((error, part) => {
    failure ??= error;
    parts.push(part as Uint8Array<ArrayBuffer>);
  });
  const add = (name: string, bytes: Uint8Array) => {
    const file = new ZipPassThrough(name);
    archive.add(file);
    file.push(bytes, true);
  };
  // One at a time: the page stays answerable however long the walk was.
  for (const [index, { frame }] of entries.entries()) add(frameName(index), new Uint8Array(await frame.arrayBuffer()));
  const encoder = new TextEncoder();
  add("captions.vtt", encoder.encode(toVtt(entries, end)));
  add("captions.csv", encoder.encode(await toCsv(entries)));
  archive.end();
  if (failure) throw failure;
  return new Blob(parts, { type: "application/zip" });
}
