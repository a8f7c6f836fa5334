import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { toSvg } from "./svg";

const WRITING = {
  strokes: [
    [
      [0, 0],
      [10.25, 20.5],
      [30, 0.01],
    ],
    [[35, 19]],
  ],
  width: 35,
  height: 20.5,
  text: `<script>"a" & 'b'</script>`,
} as const;

describe("toSvg", () => {
  it("draws each stroke as a path, in a box with room for the pen", () => {
    const svg = toSvg(WRITING, { strokeWidth: 2, color: "navy" });
    expect(svg).toContain('viewBox="-2 -2 39 24.5"');
    expect(svg).toContain('<path d="M0 0L10.25 20.5 30 0.01"/>');
    expect(svg).toContain('<path d="M35 19L35 19"/>');
    expect(svg).toContain('stroke="navy" stroke-width="2"');
    expect(svg).not.toContain("<rect");
    expect(toSvg(WRITING, { strokeWidth: 2, color: "navy", background: "#fff" })).toContain('fill="#fff"');
  });

  it("has the text as its title, and nothing of it or of the colours as markup", () => {
    const svg = toSvg(WRITING, { strokeWidth: 1, color: '"><script>' });
    expect(svg).toContain("<title>&lt;script&gt;&quot;a&quot; &amp; &apos;b&apos;&lt;/script&gt;</title>");
    expect(svg).not.toContain("<script>");
  });

  it("is a picture", async () => {
    const svg = toSvg(WRITING, { strokeWidth: 3, color: "black", background: "white" });
    const { dominant, channels } = await sharp(Buffer.from(svg)).stats();
    expect(dominant.r).toBeGreaterThan(200);
    expect(channels[0]?.min).toBeLessThan(60);
  });
});
