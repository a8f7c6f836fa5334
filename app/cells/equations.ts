/** Each cell's equations, what they mean, where they come from, and the same with numbers. */
import type { CellKind } from "@/lib/cells/cell";
import type { ExplainedSum } from "@/lib/cells/explain";
import type { PaperName } from "./papers";

/** One unit of a cell at one step. */
export interface UnitValues {
  readonly sums: readonly ExplainedSum[];
  /** Of each block, after its function. */
  readonly values: Readonly<Record<string, number>>;
  readonly state: number;
  readonly previousState: number;
  readonly memory: number;
  readonly previousMemory: number;
}

export interface Equation {
  /** In the notation of `Formula`. */
  readonly formula: string;
  /** A few words. */
  readonly meaning: string;
  /** The right-hand side with the numbers of one unit. */
  numbers(unit: UnitValues): string;
}

export interface CellDescription {
  readonly name: string;
  /** Beside the choice of it. */
  readonly sentence: string;
  /** The paper that its equations are from. */
  readonly paper: PaperName;
  /** What is from elsewhere, and from where. */
  readonly apart?: { readonly what: string; readonly paper: PaperName };
  readonly equations: readonly Equation[];
}

/** Two digits, with a true minus. */
export function formatNumber(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

const inBrackets = (value: number) =>
  formatNumber(value).startsWith("−") ? `(${formatNumber(value)})` : formatNumber(value);

/** "0.52 − 0.31 + 0.10" */
export function joinTerms(terms: readonly (number | undefined)[]): string {
  return terms
    .filter((term) => term !== undefined)
    .map((term, index) => {
      const text = formatNumber(term);
      if (index === 0) return text;
      return text.startsWith("−") ? ` − ${text.slice(1)}` : ` + ${text}`;
    })
    .join("");
}

function sumOf({ sums }: UnitValues, name: string): ExplainedSum {
  const found = sums.find((sum) => sum.name === name);
  if (!found) throw new RangeError(`There is no sum ${name}.`);
  return found;
}

const value = ({ values }: UnitValues, name: string) => values[name] ?? Number.NaN;

/** A gate or a candidate: its function of W x + U h + (p c) + b. */
function ofSum(name: string, symbol: "σ" | "tanh", meaning: string, peephole = ""): Equation {
  return {
    formula: `${name}_t = ${symbol}(W_${name} x_t + U_${name} h_{t−1}${peephole} + b_${name})`,
    meaning,
    numbers(unit) {
      const { input, state, peephole: seen, bias, total } = sumOf(unit, name);
      const terms = joinTerms([input, state, seen, bias]);
      return `${symbol}(${terms}) = ${symbol}(${formatNumber(total)}) = ${formatNumber(value(unit, name))}`;
    },
  };
}

const LSTM_MEMORY: Equation = {
  formula: "c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t",
  meaning: "the memory",
  numbers: (unit) =>
    `${formatNumber(value(unit, "f"))} · ${inBrackets(unit.previousMemory)} + ${formatNumber(value(unit, "i"))} · ${inBrackets(value(unit, "g"))} = ${formatNumber(unit.memory)}`,
};

const LSTM_STATE: Equation = {
  formula: "h_t = o_t ⊙ tanh(c_t)",
  meaning: "the state, which others see",
  numbers: (unit) =>
    `${formatNumber(value(unit, "o"))} · tanh(${formatNumber(unit.memory)}) = ${formatNumber(unit.state)}`,
};

export const DESCRIPTIONS: Readonly<Record<CellKind, CellDescription>> = {
  rnn: {
    name: "Simple RNN",
    sentence: "One sum and one tanh: everything is written over at each step.",
    paper: "elman",
    equations: [
      {
        formula: "h_t = tanh(W_a x_t + U_a h_{t−1} + b_a)",
        meaning: "the state",
        numbers(unit) {
          const { input, state, bias, total } = sumOf(unit, "a");
          return `tanh(${joinTerms([input, state, bias])}) = tanh(${formatNumber(total)}) = ${formatNumber(unit.state)}`;
        },
      },
    ],
  },
  lstm: {
    name: "LSTM",
    sentence: "A memory beside the state, and three gates that write, keep and show.",
    paper: "lstm",
    apart: { what: "the forget gate f is from", paper: "forgetGate" },
    equations: [
      ofSum("i", "σ", "what to write"),
      ofSum("f", "σ", "what to keep"),
      ofSum("g", "tanh", "the candidate"),
      ofSum("o", "σ", "what to show"),
      LSTM_MEMORY,
      LSTM_STATE,
    ],
  },
  gru: {
    name: "GRU",
    sentence: "No memory of its own: one gate shares the state out between old and new.",
    paper: "cho",
    apart: { what: "the reset comes after the product with U, as in cuDNN and", paper: "torchGru" },
    equations: [
      ofSum("r", "σ", "what the candidate sees of the state"),
      ofSum("z", "σ", "what to keep"),
      {
        formula: "u_t = U_u h_{t−1} + b_u",
        meaning: "what the state says",
        numbers(unit) {
          const { state, bias, total } = sumOf(unit, "u");
          return `${joinTerms([state, bias])} = ${formatNumber(total)}`;
        },
      },
      {
        formula: "n_t = tanh(W_n x_t + b_n + r_t ⊙ u_t)",
        meaning: "the candidate",
        numbers(unit) {
          const { input, bias } = sumOf(unit, "n");
          const reset = `${formatNumber(value(unit, "r"))} · ${inBrackets(value(unit, "u"))}`;
          return `tanh(${joinTerms([input, bias])} + ${reset}) = ${formatNumber(value(unit, "n"))}`;
        },
      },
      {
        formula: "h_t = z_t ⊙ h_{t−1} + (1 − z_t) ⊙ n_t",
        meaning: "the state",
        numbers(unit) {
          const keep = value(unit, "z");
          return `${formatNumber(keep)} · ${inBrackets(unit.previousState)} + ${formatNumber(1 - keep)} · ${inBrackets(value(unit, "n"))} = ${formatNumber(unit.state)}`;
        },
      },
    ],
  },
  peephole: {
    name: "Peephole LSTM",
    sentence: "An LSTM whose gates look at the memory itself, each unit at its own.",
    paper: "peepholes",
    equations: [
      ofSum("i", "σ", "what to write", " + p_i ⊙ c_{t−1}"),
      ofSum("f", "σ", "what to keep", " + p_f ⊙ c_{t−1}"),
      ofSum("g", "tanh", "the candidate"),
      LSTM_MEMORY,
      ofSum("o", "σ", "what to show: it sees the new memory", " + p_o ⊙ c_t"),
      LSTM_STATE,
    ],
  },
  coupled: {
    name: "Coupled gates",
    sentence: "An LSTM that forgets just as much as it writes, with one gate for both.",
    paper: "greff",
    equations: [
      ofSum("i", "σ", "what to write, and to forget"),
      ofSum("g", "tanh", "the candidate"),
      ofSum("o", "σ", "what to show"),
      {
        formula: "c_t = (1 − i_t) ⊙ c_{t−1} + i_t ⊙ g_t",
        meaning: "the memory",
        numbers(unit) {
          const write = value(unit, "i");
          return `${formatNumber(1 - write)} · ${inBrackets(unit.previousMemory)} + ${formatNumber(write)} · ${inBrackets(value(unit, "g"))} = ${formatNumber(unit.memory)}`;
        },
      },
      LSTM_STATE,
    ],
  },
};
