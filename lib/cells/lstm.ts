import { block, type Cell, sigmoid } from "./cell";

/**
 * Long short-term memory (Hochreiter and Schmidhuber, Neural Computation 9, 1997) with a forget gate (Gers, Schmidhuber and
 * Cummins, Neural Computation 12, 2000):
 *
 *     i = σ(W_i x_t + U_i h_{t−1} + b_i)        what to write
 *     f = σ(W_f x_t + U_f h_{t−1} + b_f)        what to keep
 *     g = tanh(W_g x_t + U_g h_{t−1} + b_g)     the candidate
 *     o = σ(W_o x_t + U_o h_{t−1} + b_o)        what to show
 *     c_t = f ⊙ c_{t−1} + i ⊙ g
 *     h_t = o ⊙ tanh(c_t)
 *
 * Along the memory the gradient is only multiplied by f, which can stay near 1.
 */
export const lstm: Cell<"i" | "f" | "g" | "o", never> = {
  kind: "lstm",
  blocks: [block("i"), block("f"), block("g"), block("o")],
  peepholes: [],
  hasMemory: true,
  keeping: { i: -1, f: 1 },

  activate({ values, state, memory, previousMemory }) {
    const { i, f, g, o } = values;
    for (let k = 0; k < state.length; k += 1) {
      const write = sigmoid(i[k] as number);
      const keep = sigmoid(f[k] as number);
      const candidate = Math.tanh(g[k] as number);
      const show = sigmoid(o[k] as number);
      const c = keep * (previousMemory[k] as number) + write * candidate;
      i[k] = write;
      f[k] = keep;
      g[k] = candidate;
      o[k] = show;
      memory[k] = c;
      state[k] = show * Math.tanh(c);
    }
  },

  differentiate({ values, memory, previousMemory, state }, gradients) {
    const { i, f, g, o } = values;
    const { sums } = gradients;
    for (let k = 0; k < state.length; k += 1) {
      const write = i[k] as number;
      const keep = f[k] as number;
      const candidate = g[k] as number;
      const show = o[k] as number;
      const tanhC = Math.tanh(memory[k] as number);
      const dh = gradients.state[k] as number;
      const dc = (gradients.memory[k] as number) + dh * show * (1 - tanhC * tanhC);
      sums.i[k] = dc * candidate * write * (1 - write);
      sums.f[k] = dc * (previousMemory[k] as number) * keep * (1 - keep);
      sums.g[k] = dc * write * (1 - candidate * candidate);
      sums.o[k] = dh * tanhC * show * (1 - show);
      gradients.previousMemory[k] = dc * keep;
      gradients.previousState[k] = 0;
    }
  },
};
