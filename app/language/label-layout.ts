/** Where the labels of a map stand, so that none covers another. */

/** In pixels of the drawing. */
export interface MapPoint {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export interface Label {
  /** Of its point. */
  readonly index: number;
  /** Of its middle. */
  readonly x: number;
  readonly y: number;
  /** Whether it stands beside its point, which is then drawn as well. */
  readonly isAside: boolean;
}

/** Of a letter, in font sizes: rather too wide than too narrow. */
const LETTER_WIDTH = 0.6;
const LINE_HEIGHT = 1.15;
/** Between two labels, in font sizes. */
const GAP = 0.35;

/** Steps aside in labels' widths and heights, nearest first. */
const STEPS = [0, 1, 2, 3].flatMap((across) => [0, 1, 2, 3, 4, 5].map((down) => [across / 2, down] as const));
const ASIDE = STEPS.flatMap(([across, down]) => [
  [across, down] as const,
  [across, -down] as const,
  [-across, down] as const,
  [-across, -down] as const,
]).sort(([a, b], [c, d]) => Math.hypot(2 * a, b) - Math.hypot(2 * c, d));

/**
 * Places labels one after the other, each where none stands yet.
 *
 * @param first - indices of points whose labels come first, and are pushed aside where another is in the way
 * @returns the labels for which there is room: of the other points those that are free where they are
 */
export function layOut(
  points: readonly MapPoint[],
  first: readonly number[],
  { width, height, font }: { readonly width: number; readonly height: number; readonly font: number },
): Label[] {
  const labels: Label[] = [];
  const boxes: (readonly [x: number, y: number, halfWidth: number, halfHeight: number])[] = [];

  function place(index: number, asides: typeof ASIDE) {
    const point = points[index];
    if (!point) return;
    const halfWidth = (Math.max(1, point.text.length) * LETTER_WIDTH * font + GAP * font) / 2;
    const halfHeight = (LINE_HEIGHT * font) / 2;
    for (const [across, down] of asides) {
      const x = within(point.x + 2 * across * halfWidth, halfWidth, width);
      const y = within(point.y + 2 * down * halfHeight, halfHeight, height);
      const isFree = boxes.every(
        ([otherX, otherY, otherWidth, otherHeight]) =>
          Math.abs(x - otherX) >= halfWidth + otherWidth || Math.abs(y - otherY) >= halfHeight + otherHeight,
      );
      if (!isFree) continue;
      boxes.push([x, y, halfWidth, halfHeight]);
      labels.push({ index, x, y, isAside: across !== 0 || down !== 0 });
      return;
    }
  }

  for (const index of first) place(index, ASIDE);
  for (const index of points.keys()) {
    if (!first.includes(index)) place(index, [[0, 0]]);
  }
  return labels;
}

function within(middle: number, half: number, size: number): number {
  return Math.min(size - half, Math.max(half, middle));
}
