import { describe, expect, it } from "vitest";
import { readMetric } from "./client.mjs";

describe("readMetric", () => {
  const text = [
    "# TYPE inkling_batch_size histogram",
    'inkling_batch_size_sum{model="vision"} 96',
    'inkling_batch_size_sum{model="captioning"} 12.5',
  ].join("\n");

  it("finds a value by name and labels", () => {
    expect(readMetric(text, 'inkling_batch_size_sum{model="captioning"}')).toBe(12.5);
    expect(readMetric(text, 'inkling_batch_size_count{model="vision"}')).toBe(0);
  });
});
