import { block, type Cell } from "./cell";

/**
 * The simple recurrent network (Elman, "Finding structure in time", Cognitive Science 14, 1990), with tanh:
 *
 *     a = W x_t + U h_{t−1} + b
 *     h_t = tanh(a)
 *
 * Its gradient passes through tanh′ and Uᵀ once a step, so that it vanishes or explodes with their product (Bengio, Simard and
 * Frasconi, 1994).
 */
export const rnn: Cell<"a", never> = {
  kind: "rnn",
  blocks: [block("a")],
  peepholes: [],
  hasMemory: false,
  keeping: {},

  activate({ values: { a }, state }) {
    for (let k = 0; k < state.length; k += 1) state[k] = Math.tanh(a[k] as number);
  },

  differentiate({ state }, gradients) {
    const { a } = gradients.sums;
    for (let k = 0; k < state.length; k += 1) {
      const h = state[k] as number;
      a[k] = (gradients.state[k] as number) * (1 - h * h);
      gradients.previousState[k] = 0;
    }
  },
};
