import { expect, test } from "@playwright/test";
import { createWriter } from "../lib/handwriting/pipeline";
import type { Writing } from "../lib/handwriting/types";
import { createNodeEngine } from "../lib/inference/node-engine";
import type { Device } from "./fixtures/device";
import { openDevice } from "./fixtures/open-device";

declare const device: Device;

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
    const onDevice = await page.evaluate(([what, seed]) => device.write(what, seed), [text, number] as const);
    expect(onDevice.provider).toBe("wasm");
    const theirs = linesOf(onDevice.writing);
    for (const [index, line] of linesOf(onServer).entries()) {
      const other = theirs[index] ?? [];
      const [ours, others] = [line.flat(), other.flat()];
      const same = line.length === other.length && ours.length === others.length;
      const distances = ours.flatMap(([x, y], at) => [
        Math.abs(x - (others[at]?.[0] ?? 0)),
        Math.abs(y - (others[at]?.[1] ?? 0)),
      ]);
      differences.push(same ? Math.max(...distances) : Number.POSITIVE_INFINITY);
    }
  }
  await engine.dispose();
  expect(differences).toHaveLength(100);
  const far = differences.filter((difference) => difference > 0.05 + 1e-9);
  test.info().annotations.push({ type: "lines that differ by more than 0.05", description: String(far.length) });
  expect(far.length, `farthest apart: ${far.join(", ")}`).toBeLessThanOrEqual(1);
});
