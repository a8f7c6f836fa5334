import type { CellKind } from "@/lib/cells/cell";
import type { Network } from "@/lib/cells/network";
import { Formula } from "@/lib/ui/formula";
import { DESCRIPTIONS, formatNumber, joinTerms, type UnitValues } from "./equations";
import { Cite } from "./papers";
import { probabilityOfOdd, readoutParts } from "./stepped";

/** Each equation of a cell, and under it the same with the numbers of one unit. */
export function EquationList({ kind, unit }: { kind: CellKind; unit: UnitValues }) {
  const { equations, paper, apart } = DESCRIPTIONS[kind];
  return (
    <div>
      <dl className="grid gap-3">
        {equations.map(({ formula, meaning, numbers }) => (
          <EquationRow key={formula} formula={formula} meaning={meaning} numbers={numbers(unit)} />
        ))}
      </dl>
      <p className="mt-3 text-ink-soft text-note">
        From <Cite paper={paper} />
        {apart && (
          <>
            ; {apart.what} <Cite paper={apart.paper} />
          </>
        )}
        . Under each equation stand the numbers of the unit that is drawn; <Formula text="W x" /> and{" "}
        <Formula text="U h" /> are summed over all inputs and units.
      </p>
    </div>
  );
}

/** From the states of a step to its answer. */
export function Readout({ network, step }: { network: Network; step: number }) {
  const { bidirectional, layers } = network.config;
  const { states, bias } = readoutParts(network, step);
  const total = network.outputs[step]?.[0] ?? Number.NaN;
  return (
    <div>
      <dl>
        <EquationRow
          formula={bidirectional ? "p_t = σ(V_{→} h_{→t} + V_{←} h_{←t} + d)" : "p_t = σ(V h_t + d)"}
          meaning="Odd?"
          numbers={`σ(${joinTerms([...states, bias])}) = σ(${formatNumber(total)}) = ${formatNumber(probabilityOfOdd(network, step))}`}
        />
      </dl>
      <p className="mt-3 text-ink-soft text-note">
        The readout, from <Cite paper={bidirectional ? "schuster" : "readout"} />: it sees{" "}
        {bidirectional ? "the states of both directions" : layers > 1 ? "the state of the highest layer" : "the state"},
        and <Formula text="V h" /> is summed over all units.
      </p>
    </div>
  );
}

function EquationRow({ formula, meaning, numbers }: { formula: string; meaning: string; numbers: string }) {
  return (
    <div className="border-hairline border-t pt-2">
      <dt className="flex flex-wrap items-baseline justify-between gap-x-4">
        <Formula text={formula} className="text-base" />
        <span className="text-ink-soft text-note">{meaning}</span>
      </dt>
      <dd className="mt-1 text-sm">
        <Formula text={`= ${numbers}`} />
      </dd>
    </div>
  );
}
