import { describe, expect, it } from "vitest";
import { CHUNK_POINTS, type ChunkResult } from "./chunk";
import { TINY_WRITER } from "./fixtures/tiny-models";
import { type Lead, Line, MAX_REDRAWS } from "./line";
import { parseStyles } from "./styles";

const STYLES = parseStyles(TINY_WRITER.handwriting["handwriting/styles.json"] as string);
const { dreamPoints } = STYLES;
const LEAD: Lead = { offsets: Float32Array.from({ length: 3 * 60 }, (_, i) => (i % 3 === 0 ? 1 : 0)), text: "a lead" };

interface Drawn {
  readonly dy?: number;
  readonly lift?: boolean;
  readonly end?: number;
}

function createLine(text: string | null, lead?: Lead): Line {
  const style = new Float32Array(STYLES.sizes.style);
  return new Line({ text, style, bias: 0.8, seed: 7, line: 0, lead }, STYLES);
}

/** Hands points to a line in chunks until it is finished, the window lying on the end at each; returns how many were sampled. */
function drawOn(line: Line, draw: (attempt: number, point: number) => Drawn): number {
  const state = new Float32Array(1);
  const places = new Int32Array(CHUNK_POINTS);
  const counts: number[] = [];
  while (!line.isFinished) {
    const { given } = line.nextRow();
    const known = (given?.length ?? 0) / 3;
    const { attempt } = line;
    const points = new Float32Array(3 * CHUNK_POINTS);
    const ends = new Float32Array(CHUNK_POINTS);
    points.set(given ?? []);
    for (let index = known; index < CHUNK_POINTS; index += 1) {
      const point = counts[attempt] ?? 0;
      const { dy = 0, lift = false, end = 0 } = draw(attempt, point);
      points.set([1, dy, lift ? 1 : 0], 3 * index);
      ends[index] = end;
      counts[attempt] = point + 1;
    }
    line.accept({ state, points, places, ends } satisfies ChunkResult);
  }
  return line.sampled;
}

describe("a dreamt line", () => {
  it("has the end alone for its text, also behind a lead, which is fed in", () => {
    expect([...createLine(null).nextRow().text]).toEqual([STYLES.end]);
    const row = createLine(null, LEAD).nextRow();
    expect([...row.text]).toEqual([STYLES.end]);
    expect(row.given).toHaveLength(3 * CHUNK_POINTS);
    expect(createLine("b", LEAD).nextRow().text).toHaveLength("a lead b".length + 1);
  });

  it("ends at a lift where the model says so, wherever the window lies", () => {
    const line = createLine(null);
    expect(drawOn(line, (_, point) => ({ lift: point % 50 === 49, end: point > 160 ? 0.6 : 0.4 }))).toBe(200);
    expect([line.warning, line.strokes.length, line.attempt]).toEqual([undefined, 4, 0]);
  });

  it("ends with the first lift after its points, where the model goes on", () => {
    const line = createLine(null);
    expect(drawOn(line, (_, point) => ({ lift: point === dreamPoints - 1 || point === dreamPoints + 40 }))).toBe(
      dreamPoints + 41,
    );
    expect([line.warning, line.strokes.length]).toEqual([undefined, 2]);
  });

  it("is drawn again where it is not lifted for as long again, and says so", () => {
    const line = createLine(null);
    expect(drawOn(line, () => ({ end: 1 }))).toBe((2 * dreamPoints + 1) * (MAX_REDRAWS + 1));
    expect(line.warning).toMatch(/^Line 1 did not come to its end/);
  });

  it("is drawn again where it leaves its band, the longest staying", () => {
    const line = createLine(null);
    const lengths = [40, 120, 80, 10];
    drawOn(line, (attempt, point) => ({ dy: point === (lengths[attempt] as number) - 1 ? 60 : 0 }));
    expect(line.warning).toMatch(/^Line 1 left its band/);
    expect(line.strokes.flat()).toHaveLength(120);
  });

  it("leaves out the ink of its lead", () => {
    const line = createLine(null, LEAD);
    drawOn(line, (_, point) => ({ lift: point === 19, end: 1 }));
    expect(line.strokes.flat()).toHaveLength(20);
    expect(line.strokes[0]?.[0]).toEqual([0, 0]);
  });
});

it("ends a line of text some points after the window has passed it, where the pen is not lifted", () => {
  const line = createLine("a");
  const { pointsAfterEnd } = STYLES;
  const state = new Float32Array(1);
  const places = new Int32Array(CHUNK_POINTS).fill(1);
  const chunk = { state, points: new Float32Array(3 * CHUNK_POINTS), places, ends: new Float32Array(CHUNK_POINTS) };
  while (!line.accept(chunk)) expect(line.sampled).toBeLessThanOrEqual(pointsAfterEnd);
  expect(line.sampled).toBe(pointsAfterEnd + 1);
});
