/** What the two networks compute between reading and writing, and where it was first described. */
export function Explanation() {
  return (
    <section aria-labelledby="between" className="mt-16 border-hairline border-t pt-5">
      <h2 id="between" className="text-xl">
        What stands between reading and writing
      </h2>
      <div className="mt-3 grid gap-x-14 gap-y-8 lg:grid-cols-2">
        <div>
          <h3 className="text-lg">One vector</h3>
          <p className="mt-2 font-serif text-lg">
            h<sub>j</sub> = LSTM(x<sub>j</sub>, h<sub>j+1</sub>), s<sub>0</sub> = tanh(V h<sub>1</sub>)
          </p>
          <p className="mt-2 text-note text-ink-soft">
            An LSTM reads the text from its end to its beginning (
            <a href="https://arxiv.org/abs/1409.3215" className="underlined">
              Sutskever et al. 2014
            </a>
            , sections 2 and 3.3). Its last state h<sub>1</sub> becomes the first state s<sub>0</sub> of the one that
            writes (
            <a href="https://arxiv.org/abs/1406.1078" className="underlined">
              Cho et al. 2014
            </a>
            , section 2.2).
          </p>
        </div>
        <div>
          <h3 className="text-lg">Attention</h3>
          <p className="mt-2 font-serif text-lg">
            a<sub>tj</sub> = softmax<sub>j</sub>(s<sub>t</sub>ᵀ W h<sub>j</sub>), c<sub>t</sub> = Σ<sub>j</sub> a
            <sub>tj</sub> h<sub>j</sub>
          </p>
          <p className="mt-2 text-note text-ink-soft">
            An LSTM in each direction keeps a state h<sub>j</sub> at each token (
            <a href="https://arxiv.org/abs/1409.0473" className="underlined">
              Bahdanau et al. 2015
            </a>
            , section 3.2). Before each token that it writes, the other network mixes them by weights a<sub>tj</sub>,
            which the matrix shows (
            <a href="https://arxiv.org/abs/1508.04025" className="underlined">
              Luong et al. 2015
            </a>
            , eq. 7 and 8), and a second LSTM goes on from the mixture (
            <a href="https://arxiv.org/abs/1609.08144" className="underlined">
              Wu et al. 2016
            </a>
            , section 3).
          </p>
        </div>
      </div>
      <p className="mt-6 max-w-3xl text-note text-ink-soft">
        Both write pieces of words, 2,000 for each language, which were joined from letters by how often they stand
        together (
        <a href="https://arxiv.org/abs/1508.07909" className="underlined">
          Sennrich et al. 2016
        </a>
        , section 3.2): so a word that training lacked can still be read and written. A percentage of a word is the mean
        of its pieces.
      </p>
    </section>
  );
}
