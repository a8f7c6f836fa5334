import { expect, type Page, test } from "@playwright/test";
import { createWriter } from "../lib/handwriting/pipeline";
import type { Writing } from "../lib/handwriting/types";
import { createNodeEngine } from "../lib/inference/node-engine";
import type { Device } from "./fixtures/device";
import { openDevice } from "./fixtures/open-device";
import { launchOptions } from "./fixtures/software-webgpu";

declare const device: Device;

test.use({ launchOptions });

const WORDS = "the sea is calm tonight and tide full moon lies fair upon straits".split(" ");

/** Twenty short lines; other words in each text. */
function textOf(number: number): string {
  const lines = Array.from({ length: 20 }, (_, line) => {
    const at = 3 * number + line;
    return `${WORDS[at % WORDS.length]} ${WORDS[(2 * at + number + 1) % WORDS.length]}`;
  });
  return lines.join("\n");
}

/** Strokes of a line, about its own baseline. */
function linesOf({ strokes, lines, origin }: Writing) {
  return lines.map(({ stroke, strokes: count, baseline }) =>
    strokes
      .slice(stroke, stroke + count)
      .map((points) => points.map(([x, y]) => [x - origin[0], y - baseline] as const)),
  );
}

/** How far apart two writings are, line by line: the largest distance of a coordinate, or infinity where strokes or points differ. */
function differencesOf(ours: Writing, theirs: Writing): number[] {
  const others = linesOf(theirs);
  return linesOf(ours).map((line, index) => {
    const other = others[index] ?? [];
    const [points, otherPoints] = [line.flat(), other.flat()];
    if (line.length !== other.length || points.length !== otherPoints.length) return Number.POSITIVE_INFINITY;
    return Math.max(
      ...points.flatMap(([x, y], at) => [
        Math.abs(x - (otherPoints[at]?.[0] as number)),
        Math.abs(y - (otherPoints[at]?.[1] as number)),
      ]),
    );
  });
}

const write = (page: Page, on: "wasm" | "webgpu", text: string, seed: number) =>
  page.evaluate(([to, what, from]) => device.write(to, what, from), [on, text, seed] as const);

test("WebAssembly writes what the server does: at least 99 of 100 lines, within 0.05", async ({ page }) => {
  test.setTimeout(300_000);
  const engine = createNodeEngine({ modelsDirectory: "models", device: "cpu", threads: 2 });
  const writer = await createWriter(engine);
  const style = writer.styles.styles[0]?.id ?? null;
  await openDevice(page);
  const differences: number[] = [];
  for (let number = 0; number < 5; number++) {
    const text = textOf(number);
    const onServer = await writer.write(text, { seed: number, style, bias: 0.8, lineWidth: 40 });
    const onDevice = await write(page, "wasm", text, number);
    expect(onDevice.provider).toBe("wasm");
    differences.push(...differencesOf(onServer, onDevice.writing));
  }
  await engine.dispose();
  expect(differences).toHaveLength(100);
  const far = differences.filter((difference) => difference > 0.05 + 1e-9);
  test.info().annotations.push({ type: "lines that differ by more than 0.05", description: String(far.length) });
  expect(far.length, `farthest apart: ${far.join(", ")}`).toBeLessThanOrEqual(1);
});

test("software WebGPU writes a letter as the server does, within 0.05", async ({ page }) => {
  // A point takes it a second and more on two busy cores: as many as one run of the graph has.
  test.setTimeout(300_000);
  const engine = createNodeEngine({ modelsDirectory: "models", device: "cpu", threads: 2 });
  const writer = await createWriter(engine);
  const style = writer.styles.styles[0]?.id ?? null;
  const onServer = await writer.write("l", { seed: 1, style, bias: 0.8, lineWidth: 40 });
  await engine.dispose();
  expect(onServer.strokes.flat().length).toBeGreaterThan(5);
  await openDevice(page);
  const onDevice = await write(page, "webgpu", "l", 1);
  expect([onDevice.provider, onDevice.fallbackReason]).toEqual(["webgpu", undefined]);
  const [difference = Number.POSITIVE_INFINITY, ...others] = differencesOf(onServer, onDevice.writing);
  test.info().annotations.push({ type: "largest difference", description: difference.toFixed(2) });
  expect(others).toEqual([]);
  expect(difference).toBeLessThanOrEqual(0.05 + 1e-9);
});
