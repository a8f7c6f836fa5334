import { expect, it } from "vitest";
import { type FolderRow, toCsv, toJson } from "./folder-export";

const caption = (text: string, logProbability: number) => ({ text, logProbability, score: logProbability, tokens: [] });

const rows: FolderRow[] = [
  {
    file: "trip/dog, brown.jpg",
    captions: [caption("a brown dog runs", -7.5), caption("a dog runs", -8)],
    ranOn: "server, cpu",
    milliseconds: 52.4,
  },
  { file: "=1+1.jpg", error: "The image is empty (0 bytes)." },
];

it("writes one line of CSV a photo, with names and errors kept as text", async () => {
  const lines = (await toCsv(rows)).trimEnd().split("\r\n");
  expect(lines).toEqual([
    "file,caption,log_probability,other_captions,ran_on,milliseconds,error",
    '"trip/dog, brown.jpg",a brown dog runs,-7.5,a dog runs,"server, cpu",52,',
    `"'=1+1.jpg",,,,,,The image is empty (0 bytes).`,
  ]);
});

it("writes everything as JSON", () => {
  expect(JSON.parse(toJson(rows))).toEqual({ photos: rows });
});
