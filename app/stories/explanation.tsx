/** What the network computes when it looks back, and where it was first described. */
export function Explanation() {
  return (
    <section aria-labelledby="looking-back" className="mt-16 border-hairline border-t pt-5">
      <h2 id="looking-back" className="text-xl">
        How it looks back
      </h2>
      <div className="mt-3 grid gap-x-14 gap-y-8 lg:grid-cols-3">
        <div>
          <h3 className="text-lg">Sentences</h3>
          <p className="mt-2 font-serif text-lg">
            m<sub>i</sub> = Σ<sub>j</sub> l<sub>j</sub> · x<sub>ij</sub> + T<sub>i</sub>
          </p>
          <p className="mt-2 text-note text-ink-soft">
            The words x<sub>ij</sub> of a sentence are added up, weighted by l<sub>j</sub> so that their order counts,
            and T<sub>i</sub> says how long ago it was said (
            <a href="https://arxiv.org/abs/1503.08895" className="underlined">
              Sukhbaatar et al. 2015
            </a>
            , section 4.1). The question becomes the first state u<sub>1</sub> in the same way.
          </p>
        </div>
        <div>
          <h3 className="text-lg">A look</h3>
          <p className="mt-2 font-serif text-lg">
            p<sub>i</sub> = softmax<sub>i</sub>(m<sub>i</sub>ᵀ A<sub>k</sub> u<sub>k</sub>), o<sub>k</sub> = C
            <sub>k</sub> Σ<sub>i</sub> p<sub>i</sub> m<sub>i</sub>
          </p>
          <p className="mt-2 text-note text-ink-soft">
            The state says what to look for, p<sub>i</sub> is what the bars show, and o<sub>k</sub> is what was found
            (the same paper, eq. 1 and 2; each of the three looks has matrices A<sub>k</sub> and C<sub>k</sub> of its
            own, and T<sub>i</sub> is another one for finding than for reading).
          </p>
        </div>
        <div>
          <h3 className="text-lg">The state</h3>
          <p className="mt-2 font-serif text-lg">
            g = σ(W u<sub>k</sub> + b), u<sub>k+1</sub> = g · o<sub>k</sub> + (1 − g) · u<sub>k</sub>
          </p>
          <p className="mt-2 text-note text-ink-soft">
            A gate keeps what is still needed, the same one after each look, as in a recurrent network (
            <a href="https://arxiv.org/abs/1610.04211" className="underlined">
              Liu and Perez 2017
            </a>
            , eq. 7 and 8). The answer is a softmax over the last state and a hidden layer that also sees the question.
          </p>
        </div>
      </div>
      <p className="mt-6 max-w-3xl text-note text-ink-soft">
        It learned from 900 questions of each of bAbI’s twenty tasks (
        <a href="https://arxiv.org/abs/1502.05698" className="underlined">
          Weston et al. 2015
        </a>
        ).
      </p>
    </section>
  );
}
