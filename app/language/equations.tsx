import { Formula } from "@/lib/ui/formula";

interface Equation {
  readonly formulas: readonly string[];
  readonly meaning: string;
  readonly paper: string;
  readonly href: string;
}

/** What the model computes, in the order in which it does, each with the paper that it is from. */
const EQUATIONS: readonly Equation[] = [
  {
    formulas: ["x_t = E e_{s_t}"],
    meaning:
      "Each character s has a vector of 64 learned numbers, its embedding: a column of E, picked out by the one-hot vector e.",
    paper: "Bengio et al. (2003)",
    href: "https://www.jmlr.org/papers/v3/bengio03a.html",
  },
  {
    formulas: [
      "i_t = σ ( W_i x_t + U_i h_{t−1} + b_i )",
      "f_t = σ ( W_f x_t + U_f h_{t−1} + b_f )",
      "o_t = σ ( W_o x_t + U_o h_{t−1} + b_o )",
      "g_t = tanh ( W_g x_t + U_g h_{t−1} + b_g )",
      "c_t = f_t ⊙ c_{t−1} + i_t ⊙ g_t",
      "h_t = o_t ⊙ tanh ( c_t )",
    ],
    meaning: "A memory c that gates keep, fill and show; the colours of a unit are its c.",
    paper: "Hochreiter and Schmidhuber (1997), the gate f after Gers et al. (2000)",
    href: "https://doi.org/10.1162/neco.1997.9.8.1735",
  },
  {
    formulas: ["p ( s ) = exp ( z_s ∕ T ) ∕ ∑ exp ( z_k ∕ T )"],
    meaning: "From h a score z for each character, and from these probabilities; T is the temperature.",
    paper: "Ackley, Hinton and Sejnowski (1985)",
    href: "https://doi.org/10.1016/S0364-0213(85)80012-4",
  },
  {
    formulas: ["s_{t+1} = argmax ( z_s + T g_s )", "g = − log ( − log u )"],
    meaning:
      "Drawing by these probabilities: the seed gives the uniform numbers u, and with T = 0 the likeliest is left.",
    paper: "Gumbel (1954); Maddison, Tarlow and Minka (2014)",
    href: "https://arxiv.org/abs/1411.0030",
  },
  {
    formulas: ["surprise = − log_2 p ( s_t )"],
    meaning: "In bits, at temperature 1. Its mean over a text is how many bits a character the text would take.",
    paper: "Shannon (1951)",
    href: "https://doi.org/10.1002/j.1538-7305.1951.tb01366.x",
  },
];

export function Equations() {
  return (
    <dl className="grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-6">
      {EQUATIONS.map(({ formulas, meaning, paper, href }) => (
        <div key={href} className="border-hairline border-t pt-3">
          <dt className="grid gap-1">
            {formulas.map((formula) => (
              <Formula key={formula} text={formula} className="text-left text-base" />
            ))}
          </dt>
          <dd className="mt-2 text-ink-soft text-note">
            {meaning}{" "}
            <a href={href} className="underlined">
              {paper}
            </a>
          </dd>
        </div>
      ))}
    </dl>
  );
}
