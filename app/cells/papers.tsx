/** Where equations, tasks and methods of the page come from. */

interface Paper {
  readonly text: string;
  readonly href: string;
}

const PAPERS = {
  bengio: { text: "Bengio, Simard and Frasconi, 1994", href: "https://doi.org/10.1109/72.279181" },
  cho: { text: "Cho and others, 2014", href: "https://arxiv.org/abs/1406.1078" },
  elman: { text: "Elman, Finding structure in time, 1990", href: "https://doi.org/10.1207/s15516709cog1402_1" },
  forgetGate: { text: "Gers, Schmidhuber and Cummins, 2000", href: "https://doi.org/10.1162/089976600300015015" },
  finiteDifferences: {
    text: "Goodfellow, Bengio and Courville, Deep learning, 2016, section 11.5",
    href: "https://www.deeplearningbook.org/contents/guidelines.html",
  },
  graves: { text: "Graves, Mohamed and Hinton, 2013", href: "https://arxiv.org/abs/1303.5778" },
  greff: {
    text: "Greff and others, LSTM: a search space odyssey, 2017 (CIFG)",
    href: "https://arxiv.org/abs/1503.04069",
  },
  kingma: { text: "Kingma and Ba, 2015", href: "https://arxiv.org/abs/1412.6980" },
  lstm: { text: "Hochreiter and Schmidhuber, 1997", href: "https://doi.org/10.1162/neco.1997.9.8.1735" },
  minsky: { text: "Minsky and Papert, 1969", href: "https://doi.org/10.7551/mitpress/11301.001.0001" },
  pascanu: { text: "Pascanu, Mikolov and Bengio, 2013", href: "https://arxiv.org/abs/1211.5063" },
  peepholes: {
    text: "Gers and Schmidhuber, Recurrent nets that time and count, 2000",
    href: "https://doi.org/10.1109/IJCNN.2000.861302",
  },
  readout: {
    text: "Goodfellow, Bengio and Courville, Deep learning, 2016, section 10.2",
    href: "https://www.deeplearningbook.org/contents/rnn.html",
  },
  robbins: { text: "Robbins and Monro, 1951", href: "https://doi.org/10.1214/aoms/1177729586" },
  schuster: { text: "Schuster and Paliwal, 1997", href: "https://doi.org/10.1109/78.650093" },
  torchGru: {
    text: "torch.nn.GRU",
    href: "https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html",
  },
} as const satisfies Readonly<Record<string, Paper>>;

export type PaperName = keyof typeof PAPERS;

/** A link to a paper. */
export function Cite({ paper }: { paper: PaperName }) {
  const { text, href } = PAPERS[paper];
  return (
    <a href={href} className="underlined">
      {text}
    </a>
  );
}
