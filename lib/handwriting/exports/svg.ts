import { DREAM_TITLE } from "../options";
import type { Stroke, Writing } from "../types";

export interface SvgOptions {
  /** Units: twentieths of the x-height. */
  readonly strokeWidth: number;
  /** Any colour of CSS. */
  readonly color: string;
  /** Any colour of CSS; nothing is drawn behind the ink where it is absent. */
  readonly background?: string;
}

/**
 * An SVG with one path for each pen-down stroke, along the pen's way. Its title is the text; its size in pixels is the ink's in
 * units, with room around for the stroke's width.
 *
 * @example
 * toSvg(writing, { strokeWidth: 2.5, color: "#1f2933" }); // "<svg xmlns=… viewBox="-2.5 -2.5 817.4 101">…"
 */
export function toSvg(
  { strokes, width, height, text }: Pick<Writing, "strokes" | "width" | "height" | "text">,
  { strokeWidth, color, background }: SvgOptions,
): string {
  const box = [-strokeWidth, -strokeWidth, width + 2 * strokeWidth, height + 2 * strokeWidth].map(round);
  const [left, top, wide, high] = box;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(" ")}" width="${wide}" height="${high}" role="img">`,
    `<title>${escapeXml(text || DREAM_TITLE)}</title>`,
    background &&
      `<rect x="${left}" y="${top}" width="${wide}" height="${high}" fill="${escapeXml(background)}" stroke="none"/>`,
    `<g fill="none" stroke="${escapeXml(color)}" stroke-width="${round(strokeWidth)}" stroke-linecap="round" stroke-linejoin="round">`,
    ...strokes.map((stroke) => `<path d="${toPathData(stroke)}"/>`),
    "</g>",
    "</svg>",
  ]
    .filter(Boolean)
    .join("\n");
}

/** A stroke as path data; a single point as a line to itself, which round caps show as a dot. */
export function toPathData(stroke: Stroke): string {
  const [first, ...rest] = stroke.map(([x, y]) => `${x} ${y}`);
  return `M${first}L${(rest.length > 0 ? rest : [first]).join(" ")}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&apos;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] as string);
}
