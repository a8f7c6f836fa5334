/** Ink as pixels: for pictures and films of it. */
import { type Bounds, drawInk, type InkContext, type InkStyle, inkBounds } from "../drawing";
import { BEFORE_INK, type PacedInk, type PenPosition } from "../rhythm";

export interface RasterOptions extends InkStyle {
  /** Any CSS colour; transparent where it is absent. */
  readonly background?: string;
}

/** Where ink lies among pixels. */
export interface RasterFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  /** Pixels in a unit of the ink. */
  readonly scale: number;
}

/** Margin about the ink, in twentieths of the x-height. */
const MARGIN = 16;
/** Pixels that a browser's canvas can have, on any device. */
const MOST_PIXELS = 16_000_000;

const EMPTY: Bounds = { left: 0, top: 0, right: 100, bottom: 40 };

/**
 * Fits ink into a picture.
 *
 * @param strokes - of any size
 * @param width - wanted, in pixels; less where the picture would be too large
 * @returns sides that are even numbers, which encoders of films ask for
 */
export function rasterFrame(strokes: PacedInk["strokes"], width: number): RasterFrame {
  const { left, top, right, bottom } = inkBounds(strokes) ?? EMPTY;
  const wide = right - left + 2 * MARGIN;
  const high = bottom - top + 2 * MARGIN;
  const scale = Math.min(width / wide, Math.sqrt(MOST_PIXELS / (wide * high)));
  const even = (length: number) => 2 * Math.ceil((length * scale) / 2);
  return { width: even(wide), height: even(high), left: left - MARGIN, top: top - MARGIN, scale };
}

type RasterContext = InkContext &
  Pick<CanvasRenderingContext2D, "setTransform" | "clearRect" | "fillRect" | "fillStyle" | "scale" | "translate">;

/** Draws ink up to a point of it on a canvas of the frame's size. */
export function drawRaster(
  context: RasterContext,
  ink: PacedInk,
  to: PenPosition,
  frame: RasterFrame,
  { background, ...style }: RasterOptions,
): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, frame.width, frame.height);
  if (background) {
    context.fillStyle = background;
    context.fillRect(0, 0, frame.width, frame.height);
  }
  context.scale(frame.scale, frame.scale);
  context.translate(-frame.left, -frame.top);
  drawInk(context, ink, BEFORE_INK, to, style);
}
