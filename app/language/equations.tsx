import { Fragment } from "react";
import { Formula } from "@/lib/ui/formula";
import { SCORES } from "./scores";

interface Paper {
  readonly name: string;
  readonly href: string;
  /** What it gave, where it did not give all. */
  readonly part?: string;
}

interface Equation {
  readonly formulas: readonly string[];
  readonly meaning: string;
  readonly papers: readonly Paper[];
}

/** What the model computes, in the order in which it does, each with the papers that it is from. */
const EQUATIONS: readonly Equation[] = [
  {
    formulas: ["x_t = E e_{s_t}"],
    meaning: `Each character s has a vector of 64 learned numbers, its embedding: a column of E, picked out by the one-hot vector e. An LSTM could read the one-hot vectors themselves: with 64 units and after one epoch it needs ${SCORES.oneHot} bits for each character of unseen chapters, and ${SCORES.embeddings} over embeddings. Neither was trained to its end.`,
    papers: [{ name: "Bengio et al. (2003)", href: "https://www.jmlr.org/papers/v3/bengio03a.html" }],
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
    papers: [
      { name: "Hochreiter and Schmidhuber (1997)", href: "https://doi.org/10.1162/neco.1997.9.8.1735" },
      { name: "Gers et al. (2000)", href: "https://doi.org/10.1162/089976600300015015", part: "the gate f" },
    ],
  },
  {
    formulas: ["z = V h_t + b", "p ( s ) = exp ( z_s ∕ T ) ∕ Z", "Z = exp ( z_1 ∕ T ) + … + exp ( z_{81} ∕ T )"],
    meaning: "From h a score z for each of 81 characters, and from these probabilities; T is the temperature.",
    papers: [{ name: "Ackley, Hinton and Sejnowski (1985)", href: "https://doi.org/10.1016/S0364-0213(85)80012-4" }],
  },
  {
    formulas: ["s_{t+1} = argmax_s ( z_s + T n_s )", "n_s = − log ( − log ( u_s ) )"],
    meaning:
      "Drawing by these probabilities: the seed gives the uniform numbers u, from which the noise n is made, and with T = 0 the likeliest is left.",
    papers: [
      { name: "Maddison, Tarlow and Minka (2014)", href: "https://arxiv.org/abs/1411.0030" },
      {
        name: "Gumbel (1954)",
        href: "https://ntrl.ntis.gov/NTRL/dashboard/searchResults/titleDetail/PB175818.xhtml",
        part: "the noise",
      },
    ],
  },
  {
    formulas: ["surprise = − log_2 ( p ( s_t ) )"],
    meaning: "In bits, at temperature 1. Its mean over a text is how many bits a character the text would take.",
    papers: [{ name: "Shannon (1951)", href: "https://doi.org/10.1002/j.1538-7305.1951.tb01366.x" }],
  },
];

export function Equations() {
  return (
    <dl className="grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-6">
      {EQUATIONS.map(({ formulas, meaning, papers }) => (
        <div key={meaning} className="border-hairline border-t pt-3">
          <dt className="grid gap-1">
            {formulas.map((formula) => (
              // A formula that is a block of its own would stand in the middle.
              <div key={formula}>
                <Formula text={formula} className="text-base" />
              </div>
            ))}
          </dt>
          <dd className="mt-2 text-ink-soft text-note">
            {meaning}{" "}
            {papers.map(({ name, href, part }, index) => (
              <Fragment key={href}>
                {index > 0 && "; "}
                {part && `${part} after `}
                <a href={href} className="underlined">
                  {name}
                </a>
              </Fragment>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
