import { describe, expect, it } from "vitest";
import { reportTopics } from "./report.mjs";

const latency = (p50, captions) => ({ p50, p95: p50 * 1.5, stages: { decode: 5, encode: 60, generate: 15 }, captions });

const eagerRow = (precision, beamWidth, ms, captions) => ({ precision, beamWidth, milliseconds: [ms], captions });

/** 3 × 10⁹ multiply-adds at 60 ms a photo are 50 × 10⁹ a second: half of the better library's 100 × 10⁹. */
const RESULT = {
  runs: 5,
  photos: 2,
  machine: [["Processor", "two cores"]],
  gemm: [
    { precision: "fp32", size: 512, multiplyAddsPerSecond: 80e9 },
    { precision: "int8", size: 512, multiplyAddsPerSecond: 200e9 },
  ],
  stages: [
    { batch: 1, encodeMs: 75, searchMs: 90, rerankMs: 40 },
    { batch: 8, encodeMs: 60, searchMs: 10, rerankMs: 4 },
  ],
  latency: {
    default: latency(100, {}),
    greedy: latency(80, { a: "a dog", b: "a cat" }),
    beam: latency(100, { a: "a dog", b: "a cat" }),
  },
  repeat: { p50: 20, p95: 30 },
  throughput: [
    { clients: 1, photosPerSecond: 10, meanBatch: 1 },
    { clients: 8, photosPerSecond: 15, meanBatch: 6.4 },
  ],
  loads: { coldMs: 3000, warmMs: 1500, version: "156" },
  onDevice: [
    { threads: 1, milliseconds: 400 },
    { threads: 2, milliseconds: 250 },
  ],
  eager: {
    torch: "2.11.0",
    python: "3.11",
    encoderMultiplyAdds: 3e9,
    gemm: [{ precision: "fp32", size: 1024, multiplyAddsPerSecond: 100e9 }],
    rows: [
      eagerRow("fp32", 1, 160, { a: "a dog", b: "a cat" }),
      eagerRow("fp32", 4, 180, { a: "a dog", b: "a cat" }),
      eagerRow("bf16 autocast", 4, 90, { a: "a dog", b: "a hat" }),
    ],
  },
};

const QUESTIONS = {
  first: { p50: 60, p95: 90 },
  cached: { p50: 4, p95: 8, answerMs: 2.5 },
  answererMs: 2,
  answers: { "a how many": "2", "a what color": "red" },
  throughput: [
    { clients: 1, questionsPerSecond: 200, meanBatch: 1 },
    { clients: 32, questionsPerSecond: 500, meanBatch: 7.5 },
  ],
  onDevice: { first: 500, cached: { p50: 120, p95: 180 }, version: "156" },
  eager: {
    torch: "2.11.0",
    python: "3.11",
    rows: [
      { name: "one run after the other", milliseconds: [14], answers: { "a how many": "2", "a what color": "red" } },
      { name: "in one batch", milliseconds: [5], answers: { "a how many": "2", "a what color": "blue" } },
    ],
  },
};

/** A table's row as its cells. */
function row(text, start) {
  const line = text.split("\n").find((each) => each.startsWith(`| ${start}`));
  return line
    ?.split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe("report", () => {
  const text = reportTopics(RESULT).captioning;

  it("measures the encoder against the faster library's products", () => {
    expect(row(text, "1  ")).toEqual(["1", "75.0", "90.0", "1.20×", "40.0", "40.0", "20 %", "40 %"]);
    expect(row(text, "8  ")).toEqual(["8", "60.0", "10.0", "0.17×", "4.00", "50.0", "25 %", "50 %"]);
  });

  it("compares with PyTorch's row for the same search", () => {
    expect(row(text, "fp32, greedy")).toEqual(["fp32, greedy", "160", "80.0", "2.00×", "2 of 2"]);
    expect(row(text, "bf16 autocast, beam 4")).toEqual(["bf16 autocast, beam 4", "90.0", "100", "0.90×", "1 of 2"]);
  });

  it("says which targets were met", () => {
    expect(row(text, "The encoder reaches 50 % of the arithmetic limit of fp32")?.slice(1)).toEqual(["50 %", "yes"]);
    expect(row(text, "The encoder reaches 50 % of the arithmetic limit of int8")?.slice(1)).toEqual(["25 %", "no"]);
    expect(row(text, "Beam 4 takes less")?.slice(1)).toEqual(["1.20×", "no"]);
    expect(row(text, "A second request")?.slice(1)).toEqual(["20.0", "yes"]);
    expect(row(text, "Greedy: twice")?.slice(1)).toEqual(["2.00×, 2 of 2 equal", "yes"]);
    expect(row(text, "Beam 4: twice")?.slice(1)).toEqual(["1.80×, 2 of 2 equal", "no"]);
  });

  it("compares the clients with a single one", () => {
    const clients = text.slice(text.indexOf("| Clients"));
    expect(row(clients, "1  ")).toEqual(["1", "10.0", "1.00×", "1.0"]);
    expect(row(clients, "8  ")).toEqual(["8", "15.0", "1.50×", "6.4"]);
  });

  it("reports questions by themselves, and each way in which PyTorch can be asked", () => {
    const { captioning, questions } = reportTopics({ ...RESULT, questions: QUESTIONS });
    expect(captioning).toBe(text);
    expect(row(questions, "server: on a photo")).toEqual(["server: on a photo that is kept", "4.00", "8.00"]);
    expect(row(questions, "32 ")).toEqual(["32", "500", "2.50×", "7.5"]);
    expect(row(questions, "one run after")?.slice(1)).toEqual(["14.0", "2.00", "7.00×", "4.00", "3.50×", "2 of 2"]);
    expect(row(questions, "in one batch")?.slice(1)).toEqual(["5.00", "2.00", "2.50×", "4.00", "1.25×", "1 of 2"]);
    expect(row(questions, "A question on a kept photo: under 30")?.slice(1)).toEqual(["4.00", "yes"]);
    expect(row(questions, "A question on a kept photo: under 100")?.slice(1)).toEqual(["120", "no"]);
    expect(row(questions, "A question: three times as fast as eager, one run")?.slice(1)).toEqual([
      "7.00×, 2 of 2 equal",
      "yes",
    ]);
    expect(row(questions, "A question: three times as fast as eager, in one")?.slice(1)).toEqual([
      "2.50×, 1 of 2 equal",
      "no",
    ]);
    expect(questions).not.toContain("The encoder reaches");
  });

  it("leaves out what was not measured", () => {
    const { runs, photos, machine, gemm, stages } = RESULT;
    const { captioning: encoder, questions } = reportTopics({ runs, photos, machine, gemm, stages });
    expect(questions).toBeUndefined();
    expect(row(encoder, "8  ")).toEqual(["8", "60.0", "10.0", "0.17×", "4.00"]);
    expect(encoder).not.toMatch(/Server|Browser|PyTorch \d|reaches/);
  });
});
