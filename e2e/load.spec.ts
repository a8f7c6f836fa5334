import { expect, test } from "@playwright/test";
import { readSamples } from "../scripts/bench/photos.mjs";
import { measureLoad } from "../scripts/load/load.mjs";
import { withOwnServer } from "./fixtures/own-server";

test("twenty seconds at once, twice and five times what the machine holds: answers or refusals, and nothing else", async () => {
  test.setTimeout(240_000);
  const samples = await readSamples();
  await withOwnServer(async ({ url }) => {
    const { unloaded, closed, levels, again, memoryBefore, memoryAfter, restarts } = await measureLoad(url, samples, {
      seconds: 4,
      signal: new AbortController().signal,
    });
    for (const { broken, goodput } of [unloaded, closed, ...levels, again]) {
      expect(broken).toBe(0);
      expect(goodput).toBeGreaterThan(0);
    }
    // Four seconds tell no percentages, but a server that collapses: the whole run (`npm run test:load`) has the exact bounds.
    const [, twice] = levels;
    expect(twice?.goodput).toBeGreaterThan(0.5 * closed.goodput);
    expect(twice?.all?.p95).toBeLessThan(6 * (unloaded.all?.p95 ?? 0));
    expect(memoryAfter).toBeLessThan(1.3 * memoryBefore);
    // Told at once, most of them: a server that let them all in would answer none in time.
    expect(levels.at(-1)?.refused).toBeGreaterThan(0.3);
    expect(restarts).toBe(0);
    expect((await fetch(`${url}/api/health/ready`)).status).toBe(200);
  });
});
