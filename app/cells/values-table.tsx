import type { CellKind } from "@/lib/cells/cell";
import { CELLS } from "@/lib/cells/cells";
import { formatNumber, type UnitValues } from "./equations";

/** Every number of a cell at one step, a column for each unit; the one that is drawn stands out. */
export function ValuesTable({
  kind,
  units,
  chosen,
  caption,
}: {
  kind: CellKind;
  units: readonly UnitValues[];
  /** Index of the unit that the drawing shows. */
  chosen: number;
  caption: string;
}) {
  const { blocks, hasMemory } = CELLS[kind];
  const gates = blocks.filter(({ name }) => name !== "a");
  const rows: (readonly [name: string, of: (unit: UnitValues) => number])[] = [
    ["h before", ({ previousState }) => previousState],
    ...gates.map(({ name }) => [name, ({ values }: UnitValues) => values[name] ?? Number.NaN] as const),
    ...(hasMemory
      ? ([
          ["c before", ({ previousMemory }) => previousMemory],
          ["c", ({ memory }) => memory],
        ] as const satisfies readonly (readonly [string, (unit: UnitValues) => number])[])
      : []),
    ["h", ({ state }) => state],
  ];
  return (
    <table className="numbers w-full max-w-sm self-start text-sm">
      <caption className="pb-1.5 text-left text-ink-soft text-note">{caption}</caption>
      <thead className="text-ink-soft text-note">
        <tr>
          <th scope="col" className="text-left font-normal">
            Of unit
          </th>
          {units.map((_, unit) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a unit is its place
            <th key={unit} scope="col" className="text-right font-normal">
              {unit + 1}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, of]) => (
          <tr key={name} className="border-hairline border-t">
            <th scope="row" className="py-1 text-left font-normal font-serif italic">
              {name}
            </th>
            {units.map((each, unit) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a unit is its place
              <td key={unit} className={`py-1 text-right ${unit === chosen ? "font-medium" : "text-ink-soft"}`}>
                {formatNumber(of(each))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
