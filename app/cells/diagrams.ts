/** Where the parts of each cell are drawn, in a picture of 360 × 250. */
import type { CellKind } from "@/lib/cells/cell";

/** What a part of the picture shows: a block's value, the state or memory before or after, or the input. */
export type Shown = "x" | "h" | "h−" | "c" | "c−" | (string & {});

export interface Diagram {
  /** Gates and candidates; `symbol` is their function. */
  readonly boxes: readonly { readonly name: string; readonly symbol: string; readonly x: number; readonly y: number }[];
  /** Where two things are multiplied or added. */
  readonly joints: readonly { readonly sign: string; readonly x: number; readonly y: number }[];
  /** SVG paths, in the direction in which numbers go. */
  readonly lines: readonly string[];
  /** Peepholes. */
  readonly dashed: readonly string[];
  /** Where lines that cross are joined, if it is not plain. */
  readonly dots?: readonly (readonly [x: number, y: number])[];
  /** What comes in and goes out. */
  readonly ports: readonly { readonly shown: Shown; readonly label: string; readonly x: number; readonly y: number }[];
}

const GATE_Y = 150;
/** Along which input and state come to the gates. */
const BUS = "M12,214 H";

const inputPorts = [
  { shown: "h−", label: "h_{t−1}", x: 22, y: 200 },
  { shown: "x", label: "x_t", x: 58, y: 238 },
] as const;

const INPUT_LINE = "M34,238 V214";

const toBox = (x: number) => `M${x},214 V172`;

const LSTM_PORTS: Diagram["ports"] = [
  { shown: "c−", label: "c_{t−1}", x: 22, y: 16 },
  { shown: "c", label: "c_t", x: 338, y: 16 },
  { shown: "h", label: "h_t", x: 338, y: 128 },
  ...inputPorts,
];

const LSTM: Diagram = {
  boxes: [
    { name: "f", symbol: "σ", x: 84, y: GATE_Y },
    { name: "i", symbol: "σ", x: 148, y: GATE_Y },
    { name: "g", symbol: "tanh", x: 212, y: GATE_Y },
    { name: "o", symbol: "σ", x: 276, y: GATE_Y },
  ],
  joints: [
    { sign: "×", x: 84, y: 34 },
    { sign: "×", x: 180, y: 84 },
    { sign: "+", x: 180, y: 34 },
    { sign: "tanh", x: 306, y: 66 },
    { sign: "×", x: 306, y: 106 },
  ],
  lines: [
    "M12,34 H350",
    "M84,128 V34",
    "M148,128 V84 H180",
    "M212,128 V84 H180",
    "M180,84 V34",
    "M306,34 V106",
    "M276,128 V106 H350",
    `${BUS}276`,
    INPUT_LINE,
    toBox(84),
    toBox(148),
    toBox(212),
    toBox(276),
  ],
  dashed: [],
  ports: LSTM_PORTS,
};

export const DIAGRAMS: Readonly<Record<CellKind, Diagram>> = {
  lstm: LSTM,
  peephole: {
    ...LSTM,
    dashed: ["M44,34 V116 H72 V128", "M44,116 H136 V128", "M244,34 V116 H264 V128"],
  },
  coupled: {
    ...LSTM,
    boxes: LSTM.boxes.filter(({ name }) => name !== "f"),
    joints: [...LSTM.joints, { sign: "1 −", x: 84, y: 104 }],
    lines: [...LSTM.lines.filter((line) => line !== toBox(84) && line !== "M84,128 V34"), "M136,128 V104 H84 V34"],
  },
  gru: {
    boxes: [
      { name: "r", symbol: "σ", x: 76, y: GATE_Y },
      { name: "u", symbol: "U h", x: 140, y: GATE_Y },
      { name: "n", symbol: "tanh", x: 216, y: GATE_Y },
      { name: "z", symbol: "σ", x: 290, y: GATE_Y },
    ],
    joints: [
      { sign: "×", x: 108, y: 100 },
      { sign: "×", x: 120, y: 34 },
      { sign: "×", x: 216, y: 92 },
      { sign: "+", x: 216, y: 34 },
      { sign: "1 −", x: 256, y: 92 },
    ],
    lines: [
      "M12,34 H350",
      // The state goes to r, u and z, the input to r, n and z.
      "M12,34 V196 H290",
      "M34,238 V214 H290",
      toBox(76),
      "M140,196 V172",
      toBox(216),
      toBox(290),
      "M76,128 V100 H108",
      "M140,128 V100 H108",
      "M108,100 V112 H178 V150 H190",
      "M216,128 V34",
      "M290,128 V62 H120 V34",
      "M290,92 H216",
    ],
    dashed: [],
    dots: [
      [76, 196],
      [140, 196],
      [290, 196],
      [76, 214],
      [216, 214],
    ],
    ports: [
      { shown: "h−", label: "h_{t−1}", x: 22, y: 16 },
      { shown: "h", label: "h_t", x: 338, y: 16 },
      { shown: "x", label: "x_t", x: 58, y: 238 },
    ],
  },
  rnn: {
    boxes: [{ name: "h", symbol: "tanh", x: 180, y: GATE_Y }],
    joints: [],
    lines: [`${BUS}180`, INPUT_LINE, toBox(180), "M180,128 V92 H350"],
    dashed: [],
    ports: [{ shown: "h", label: "h_t", x: 338, y: 74 }, ...inputPorts],
  },
};
