import { block, type Cell, sigmoid } from "./cell";

/**
 * LSTM with coupled input and forget gates (CIFG of Greff and others, "LSTM: a search space odyssey", 2017, here without
 * peepholes): what is written is what is forgotten, with a quarter of the weights less.
 *
 *     i = σ(W_i x_t + U_i h_{t−1} + b_i)        what to write, and to forget
 *     g = tanh(W_g x_t + U_g h_{t−1} + b_g)     the candidate
 *     o = σ(W_o x_t + U_o h_{t−1} + b_o)        what to show
 *     c_t = (1 − i) ⊙ c_{t−1} + i ⊙ g
 *     h_t = o ⊙ tanh(c_t)
 */
export const coupledLstm: Cell<"i" | "g" | "o", never> = {
  kind: "coupled",
  blocks: [block("i"), block("g"), block("o")],
  peepholes: [],
  hasMemory: true,
  keeping: { i: -1 },

  activate({ values, state, memory, previousMemory }) {
    const { i, g, o } = values;
    for (let k = 0; k < state.length; k += 1) {
      const write = sigmoid(i[k] as number);
      const candidate = Math.tanh(g[k] as number);
      const show = sigmoid(o[k] as number);
      const c = (1 - write) * (previousMemory[k] as number) + write * candidate;
      i[k] = write;
      g[k] = candidate;
      o[k] = show;
      memory[k] = c;
      state[k] = show * Math.tanh(c);
    }
  },

  differentiate({ values, memory, previousMemory, state }, gradients) {
    const { i, g, o } = values;
    const { sums } = gradients;
    for (let k = 0; k < state.length; k += 1) {
      const write = i[k] as number;
      const candidate = g[k] as number;
      const show = o[k] as number;
      const tanhC = Math.tanh(memory[k] as number);
      const dh = gradients.state[k] as number;
      const dc = (gradients.memory[k] as number) + dh * show * (1 - tanhC * tanhC);
      sums.i[k] = dc * (candidate - (previousMemory[k] as number)) * write * (1 - write);
      sums.g[k] = dc * write * (1 - candidate * candidate);
      sums.o[k] = dh * tanhC * show * (1 - show);
      gradients.previousMemory[k] = dc * (1 - write);
      gradients.previousState[k] = 0;
    }
  },
};
