import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { formatTime, toCsv, toVtt, toZip, type WalkEntry } from "./walk";

function entry(id: number, time: number, text: string): WalkEntry {
  const frame = new Blob([Uint8Array.of(0xff, 0xd8, id)], { type: "image/jpeg" });
  return { id, time, caption: { text, score: -1, logProbability: -8.25, tokens: [] }, frame, width: 4, height: 3 };
}

const WALK = [
  entry(1, 0.5, "a dog runs through the grass"),
  entry(2, 64.25, "a man , smiling"),
  entry(3, 3725, "a cat"),
];

describe("formatTime", () => {
  it("has hours only where there are any", () => {
    expect([0, 9.99, 64, 3600, 3725].map(formatTime)).toEqual(["0:00", "0:09", "1:04", "1:00:00", "1:02:05"]);
  });
});

describe("toVtt", () => {
  it("lets each caption stand until the next", () => {
    expect(toVtt(WALK, 3730)).toBe(
      [
        "WEBVTT",
        "",
        "00:00:00.500 --> 00:01:04.250",
        "a dog runs through the grass",
        "",
        "00:01:04.250 --> 01:02:05.000",
        "a man , smiling",
        "",
        "01:02:05.000 --> 01:02:10.000",
        "a cat",
        "",
      ].join("\n"),
    );
  });

  it("puts what was seen out of order in order, and takes words for words", () => {
    const vtt = toVtt([entry(2, 9, "second --> & last"), entry(1, 2, "<first>")], 9);
    expect(vtt).toContain("00:00:02.000 --> 00:00:09.000\n&lt;first&gt;\n");
    expect(vtt).toContain("00:00:09.000 --> 00:00:10.000\nsecond --&gt; &amp; last\n");
  });

  it("is a file where there is no caption", () => {
    expect(toVtt([], 0)).toBe("WEBVTT\n");
  });
});

it("writes a line a caption as CSV", async () => {
  expect(await toCsv(WALK)).toBe(
    [
      "time,seconds,caption,log_probability,frame",
      "0:00,0.50,a dog runs through the grass,-8.2500,frames/0001.jpg",
      '1:04,64.25,"a man , smiling",-8.2500,frames/0002.jpg',
      "1:02:05,3725.00,a cat,-8.2500,frames/0003.jpg",
      "",
    ].join("\r\n"),
  );
});

it("puts frames and both files into an archive", async () => {
  const archive = unzipSync(new Uint8Array(await (await toZip(WALK, 3730)).arrayBuffer()));
  expect(Object.keys(archive)).toEqual([
    "frames/0001.jpg",
    "frames/0002.jpg",
    "frames/0003.jpg",
    "captions.vtt",
    "captions.csv",
  ]);
  expect(archive["frames/0002.jpg"]).toEqual(Uint8Array.of(0xff, 0xd8, 2));
  const text = (name: string) => new TextDecoder().decode(archive[name]);
  expect(text("captions.vtt")).toBe(toVtt(WALK, 3730));
  expect(text("captions.csv")).toBe(await toCsv(WALK));
});
