import { formatProbability } from "./format";

/** Answers with their probabilities, as bars on one scale and as numbers. */
export function AnswerBars({
  title,
  answers,
  quiet = false,
}: {
  title: string;
  answers: readonly { readonly text: string; readonly probability: number }[];
  /** Set back, beside what matters more. */
  quiet?: boolean;
}) {
  return (
    <table className={`w-full table-fixed text-sm ${quiet ? "text-ink-soft" : ""}`}>
      <caption className="pb-1.5 text-left text-ink-soft text-note">{title}</caption>
      <colgroup>
        <col />
        <col className="w-1/3" />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">Answer</th>
          <th scope="col">Probability</th>
        </tr>
      </thead>
      <tbody>
        {answers.map(({ text, probability }) => (
          <tr key={text} className="border-hairline border-t align-baseline">
            <th scope="row" className="relative break-words py-1.5 pr-3 text-left font-normal">
              {text}
              <span
                aria-hidden
                className={`absolute -bottom-px left-0 h-[2px] ${quiet ? "bg-ink/40" : "bg-ink"}`}
                // Over both columns: the name's is two thirds of the table.
                style={{ width: `${probability * 150}%` }}
              />
            </th>
            <td className="numbers py-1.5 text-right text-note">{formatProbability(probability)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
