import { asRows, formatValue, humanise, isPlain, type Json, type JsonObject, type Row } from "./metrics";

/** Scores as tables, nested as the evaluation wrote them. */
export function Metrics({ metrics, level = 2 }: { metrics: JsonObject; level?: 2 | 3 | 4 }) {
  const entries = Object.entries(metrics);
  const plain = entries.filter(([, value]) => isPlain(value));
  const Heading = `h${level}` as const;
  return (
    <>
      {plain.length > 0 && <Values entries={plain} />}
      {entries
        .filter(([, value]) => !isPlain(value))
        .map(([key, value]) => {
          const rows = asRows(value);
          return (
            <section key={key} className="mt-8">
              <Heading className={level === 2 ? "text-2xl" : "text-lg"}>{humanise(key)}</Heading>
              {rows ? (
                <Table rows={rows} label={humanise(key)} />
              ) : (
                <Metrics metrics={value as JsonObject} level={level === 2 ? 3 : 4} />
              )}
            </section>
          );
        })}
    </>
  );
}

function Values({ entries }: { entries: readonly (readonly [string, Json])[] }) {
  return (
    <dl className="mt-3 text-sm">
      {entries.map(([key, value]) => (
        <div key={key} className="flex justify-between gap-x-8 border-hairline border-t py-1.5">
          <dt className="text-ink-soft">{humanise(key)}</dt>
          <dd className="numbers min-w-0 break-words text-right">{formatValue(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Table({ rows, label }: { rows: readonly Row[]; label: string }) {
  const columns = [...new Set(rows.flatMap(([, cells]) => Object.keys(cells)))];
  const named = rows.some(([name]) => name !== "");
  const align = (column: string) =>
    rows.some(([, cells]) => typeof cells[column] === "string") ? "text-left" : "text-right";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard too
    <section tabIndex={0} aria-label={label} className="mt-3 overflow-x-auto">
      <table className="numbers w-full text-sm">
        <thead>
          <tr className="text-ink-soft text-note">
            {named && <td />}
            {columns.map((column) => (
              <th key={column} scope="col" className={`px-3 py-1.5 font-normal first:pl-0 last:pr-0 ${align(column)}`}>
                {humanise(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, cells], index) => (
            <tr key={name || index} className="border-hairline border-t align-baseline">
              {named && (
                <th scope="row" className="py-1.5 pr-4 text-left font-normal">
                  {humanise(name)}
                </th>
              )}
              {columns.map((column) => (
                <td key={column} className={`px-3 py-1.5 first:pl-0 last:pr-0 ${align(column)}`}>
                  {cells[column] === undefined ? "" : formatValue(cells[column])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
