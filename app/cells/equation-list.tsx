import type { CellKind } from "@/lib/cells/cell";
import { Formula } from "@/lib/ui/formula";
import { DESCRIPTIONS, type UnitValues } from "./equations";

/** Each equation of a cell, and under it the same with the numbers of one unit. */
export function EquationList({ kind, unit }: { kind: CellKind; unit: UnitValues }) {
  const { equations, paper, href } = DESCRIPTIONS[kind];
  return (
    <div>
      <dl className="grid gap-3">
        {equations.map(({ formula, meaning, numbers }) => (
          <div key={formula} className="border-hairline border-t pt-2">
            <dt className="flex flex-wrap items-baseline justify-between gap-x-4">
              <Formula text={formula} className="text-base" />
              <span className="text-ink-soft text-note">{meaning}</span>
            </dt>
            <dd className="numbers mt-1 text-sm">
              <Formula text={`= ${numbers(unit)}`} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-ink-soft text-note">
        From{" "}
        <a href={href} className="underlined">
          {paper}
        </a>
        . Under each equation stand the numbers of the unit that is drawn; W x and U h are summed over all inputs and
        units.
      </p>
    </div>
  );
}
