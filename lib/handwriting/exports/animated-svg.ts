/** An SVG that writes itself, at the pen's rhythm, wherever a browser shows it. Elsewhere it is the whole ink. */
import { type InkStyle, inkBounds, midpoint } from "../drawing";
import { DREAM_TITLE } from "../options";
import { type PacedInk, paceInk } from "../rhythm";
import type { Point, Stroke } from "../types";

export interface AnimatedSvgOptions extends InkStyle {
  /** Any CSS colour; nothing is drawn under the ink where it is absent. */
  readonly background?: string;
  /** How much faster than a hand. */
  readonly speed: number;
  /** What it says, for those who cannot see it; "" of a dream. */
  readonly text: string;
}

/** Margin about the ink, in twentieths of the x-height. */
const MARGIN = 12;
/** Stops of a stroke's easing: enough to follow its bends, few enough to be small. */
const MOST_STOPS = 24;

/**
 * Each stroke is one path, drawn by its dash offset (CSS). Its easing is where the pen is by the law of `rhythm.ts`.
 * Nothing moves where the viewer asks for reduced motion.
 */
export function toAnimatedSvg(strokes: readonly Stroke[], options: AnimatedSvgOptions): string {
  const { color, width, background, speed, text } = options;
  const ink = paceInk(strokes);
  const { left, top, right, bottom } = inkBounds(strokes) ?? { left: 0, top: 0, right: 0, bottom: 0 };
  const box = [left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN].map(short);
  const paths = strokes.flatMap((stroke, index) =>
    stroke.length === 0 ? [] : [`<path d="${pathOf(stroke)}" pathLength="1" style="${timing(ink, index, speed)}"/>`],
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(" ")}" role="img">`,
    `<title>${escapeXml(text || DREAM_TITLE)}</title>`,
    "<style>",
    "@media (prefers-reduced-motion:no-preference){path{animation:write 1s backwards;stroke-dasharray:1 2}}",
    // A round end shows even at offset 1, so that a stroke is hidden until the pen is set down.
    "@keyframes write{from{stroke-dashoffset:1;visibility:hidden}1%{visibility:visible}to{stroke-dashoffset:0}}",
    "</style>",
    ...(background
      ? [`<rect x="${box[0]}" y="${box[1]}" width="100%" height="100%" fill="${escapeXml(background)}"/>`]
      : []),
    `<g fill="none" stroke="${escapeXml(color)}" stroke-width="${short(width)}" stroke-linecap="round" stroke-linejoin="round">`,
    ...paths,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Through midpoints, as it is drawn on the page. */
function pathOf(stroke: Stroke): string {
  const at = ([x, y]: Point) => `${short(x)} ${short(y)}`;
  const [first, ...others] = stroke as readonly [Point, ...Point[]];
  const last = others.at(-1);
  // No length, but round ends: a dot.
  if (!last) return `M${at(first)}h0`;
  const curves = others
    .slice(0, -1)
    .map((point, index) => `Q${at(point)} ${at(midpoint(point, others[index + 1] as Point))}`);
  return `M${at(first)}L${at(midpoint(first, others[0] as Point))}${curves.join("")}L${at(last)}`;
}

/** When a stroke begins, how long it takes, and how far it has come in between. */
function timing({ strokes, times }: PacedInk, index: number, speed: number): string {
  const at = times[index] as Float64Array;
  const stroke = strokes[index] as Stroke;
  const start = at[0] as number;
  const taken = (at.at(-1) as number) - start;
  const base = `animation-delay:${short(start / speed)}ms;animation-duration:${short(Math.max(taken, 1) / speed)}ms`;
  if (taken === 0) return base;
  const lengths = arcLengths(stroke);
  const total = lengths.at(-1) as number;
  const step = Math.max(1, Math.ceil((stroke.length - 1) / MOST_STOPS));
  const stops: string[] = [];
  for (let point = 0; point < stroke.length - 1; point += step) {
    const part = (lengths[point] as number) / total;
    stops.push(`${thousandths(part)} ${thousandths(((at[point] as number) - start) / taken, 100)}%`);
  }
  return `${base};animation-timing-function:linear(${[...stops, "1 100%"].join(",")})`;
}

function arcLengths(stroke: Stroke): Float64Array {
  const lengths = new Float64Array(stroke.length);
  for (let point = 1; point < stroke.length; point++) {
    const [ax, ay] = stroke[point - 1] as Point;
    const [bx, by] = stroke[point] as Point;
    lengths[point] = (lengths[point - 1] as number) + Math.hypot(bx - ax, by - ay);
  }
  return lengths;
}

const short = (value: number) => String(Math.round(value * 100) / 100 || 0);

const thousandths = (share: number, of = 1) => String(Math.round(share * 1000 * of) / 1000);

/** Text as it may stand in an element or a quoted attribute; characters that XML has no place for are left out. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");
}
