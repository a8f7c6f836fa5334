import { readdirSync, readFileSync, statSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { SAMPLES, sampleUrl } from "./samples";

const folder = "public/samples";
const readme = readFileSync(`${folder}/README.md`, "utf8");

it("lists every photo of public/samples", () => {
  const files = readdirSync(folder).filter((name) => name !== "README.md");
  expect(SAMPLES.map((sample) => `${sample.id}.webp`).sort()).toEqual(files.sort());
});

describe.each(SAMPLES)("$id", (sample) => {
  it("has the size that is said, and at most 150 kB", async () => {
    const { width, height } = await sharp(`public${sampleUrl(sample)}`).metadata();
    expect({ width, height }).toEqual({ width: sample.width, height: sample.height });
    expect(statSync(`public${sampleUrl(sample)}`).size).toBeLessThanOrEqual(150_000);
  });

  it("is credited with its author and licence", () => {
    const row = readme.split("\n").find((line) => line.includes(`\`${sample.id}.webp\``));
    expect(row).toContain(sample.author);
    expect(row).toContain(sample.licence);
  });
});
