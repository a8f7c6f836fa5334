import { block, type Cell, sigmoid } from "./cell";

/**
 * The gated recurrent unit (Cho and others, "Learning phrase representations using RNN encoder–decoder", EMNLP 2014), with the
 * reset after the product with U, as cuDNN and PyTorch have it:
 *
 *     r = σ(W_r x_t + U_r h_{t−1} + b_r)        what of the state the candidate sees
 *     z = σ(W_z x_t + U_z h_{t−1} + b_z)        what to keep
 *     u = U_u h_{t−1} + b_u
 *     n = tanh(W_n x_t + b_n + r ⊙ u)           the candidate
 *     h_t = z ⊙ h_{t−1} + (1 − z) ⊙ n
 */
export const gru: Cell<"r" | "z" | "n" | "u", never> = {
  kind: "gru",
  blocks: [block("r"), block("z"), { name: "n", input: true, state: false }, { name: "u", input: false, state: true }],
  peepholes: [],
  hasMemory: false,
  keeping: { z: 1 },

  activate({ values, state, previousState }) {
    const { r, z, n, u } = values;
    for (let k = 0; k < state.length; k += 1) {
      const reset = sigmoid(r[k] as number);
      const keep = sigmoid(z[k] as number);
      const candidate = Math.tanh((n[k] as number) + reset * (u[k] as number));
      r[k] = reset;
      z[k] = keep;
      n[k] = candidate;
      state[k] = keep * (previousState[k] as number) + (1 - keep) * candidate;
    }
  },

  differentiate({ values, state, previousState }, gradients) {
    const { r, z, n, u } = values;
    const { sums } = gradients;
    for (let k = 0; k < state.length; k += 1) {
      const reset = r[k] as number;
      const keep = z[k] as number;
      const candidate = n[k] as number;
      const dh = gradients.state[k] as number;
      const dn = dh * (1 - keep) * (1 - candidate * candidate);
      sums.n[k] = dn;
      sums.u[k] = dn * reset;
      sums.r[k] = dn * (u[k] as number) * reset * (1 - reset);
      sums.z[k] = dh * ((previousState[k] as number) - candidate) * keep * (1 - keep);
      gradients.previousState[k] = dh * keep;
    }
  },
};
