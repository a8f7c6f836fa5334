import { formatScore, type ScoreTable as Scores } from "./metrics";

export function ScoreTable({ scores: { data, columns, rows } }: { scores: Scores }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard too
    <section tabIndex={0} aria-label={`Scores on ${data}`} className="mt-6 overflow-x-auto">
      <table className="numbers w-full text-sm">
        <caption className="pb-1 text-left font-serif text-lg">{data}</caption>
        <thead>
          <tr className="text-ink-soft text-note">
            <td />
            {columns.map((column) => (
              <th key={column} scope="col" className="px-3 py-1.5 text-right align-bottom font-normal last:pr-0">
                {/* BLEU-4 and ROUGE-L stay whole. */}
                {column.replaceAll("-", "\u2011")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ model, values }) => (
            <tr key={model} className="border-hairline border-t align-baseline">
              <th scope="row" className="min-w-40 py-1.5 pr-4 text-left font-normal">
                {model}
              </th>
              {columns.map((column) => (
                <td key={column} className="px-3 py-1.5 text-right last:pr-0">
                  {formatScore(values[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
