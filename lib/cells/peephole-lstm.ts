import { block, type Cell, sigmoid } from "./cell";

/**
 * LSTM whose gates look at the memory (Gers and Schmidhuber, "Recurrent nets that time and count", IJCNN 2000); p are vectors:
 *
 *     i = σ(W_i x_t + U_i h_{t−1} + p_i ⊙ c_{t−1} + b_i)
 *     f = σ(W_f x_t + U_f h_{t−1} + p_f ⊙ c_{t−1} + b_f)
 *     g = tanh(W_g x_t + U_g h_{t−1} + b_g)
 *     c_t = f ⊙ c_{t−1} + i ⊙ g
 *     o = σ(W_o x_t + U_o h_{t−1} + p_o ⊙ c_t + b_o)
 *     h_t = o ⊙ tanh(c_t)
 *
 * The output gate sees the new memory, the others the one before. The paper cut the gradients off at the gates; these are whole.
 */
export const peepholeLstm: Cell<"i" | "f" | "g" | "o", "i" | "f" | "o"> = {
  kind: "peephole",
  blocks: [block("i"), block("f"), block("g"), block("o")],
  peepholes: ["i", "f", "o"],
  hasMemory: true,
  keeping: { i: -1, f: 1 },

  activate({ values, state, memory, previousMemory, hiddenSize }, peepholes) {
    const { i, f, g, o } = values;
    for (let k = 0; k < state.length; k += 1) {
      const unit = k % hiddenSize;
      const previous = previousMemory[k] as number;
      const write = sigmoid((i[k] as number) + (peepholes.i[unit] as number) * previous);
      const keep = sigmoid((f[k] as number) + (peepholes.f[unit] as number) * previous);
      const candidate = Math.tanh(g[k] as number);
      const c = keep * previous + write * candidate;
      const show = sigmoid((o[k] as number) + (peepholes.o[unit] as number) * c);
      i[k] = write;
      f[k] = keep;
      g[k] = candidate;
      o[k] = show;
      memory[k] = c;
      state[k] = show * Math.tanh(c);
    }
  },

  differentiate({ values, memory, previousMemory, state, hiddenSize }, gradients, peepholes, peepholeGradients) {
    const { i, f, g, o } = values;
    const { sums } = gradients;
    for (let k = 0; k < state.length; k += 1) {
      const unit = k % hiddenSize;
      const write = i[k] as number;
      const keep = f[k] as number;
      const candidate = g[k] as number;
      const show = o[k] as number;
      const c = memory[k] as number;
      const previous = previousMemory[k] as number;
      const tanhC = Math.tanh(c);
      const dh = gradients.state[k] as number;
      const dO = dh * tanhC * show * (1 - show);
      // The memory has a third way to the loss: through the output gate.
      const dc = (gradients.memory[k] as number) + dh * show * (1 - tanhC * tanhC) + dO * (peepholes.o[unit] as number);
      const dI = dc * candidate * write * (1 - write);
      const dF = dc * previous * keep * (1 - keep);
      sums.i[k] = dI;
      sums.f[k] = dF;
      sums.g[k] = dc * write * (1 - candidate * candidate);
      sums.o[k] = dO;
      peepholeGradients.i[unit] = (peepholeGradients.i[unit] as number) + dI * previous;
      peepholeGradients.f[unit] = (peepholeGradients.f[unit] as number) + dF * previous;
      peepholeGradients.o[unit] = (peepholeGradients.o[unit] as number) + dO * c;
      gradients.previousMemory[k] = dc * keep + dI * (peepholes.i[unit] as number) + dF * (peepholes.f[unit] as number);
      gradients.previousState[k] = 0;
    }
  },
};
