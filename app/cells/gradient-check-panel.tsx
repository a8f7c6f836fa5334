"use client";

import { useState } from "react";
import type { GradientCheck } from "@/lib/cells/gradient-check";
import { Button } from "@/lib/ui/button";
import { Formula } from "@/lib/ui/formula";
import { DESCRIPTIONS } from "./equations";
import { Cite } from "./papers";
import { scientific } from "./scientific";
import type { StepSettings } from "./settings";
import { configOf } from "./stepped";

/** Checks the backward pass of the cell that is chosen above. */
export function GradientCheckPanel({
  cell,
  arrangement,
  seed,
}: Pick<StepSettings, "cell" | "arrangement"> & { seed: number }) {
  const [checked, setChecked] = useState<{ readonly check: GradientCheck; readonly of: string }>();
  const current = `${cell} ${arrangement} ${seed}`;
  const check = checked?.of === current ? checked.check : undefined;

  async function run() {
    const { checkGradient } = await import("@/lib/cells/gradient-check");
    setChecked({ check: checkGradient(configOf({ cell, arrangement }), seed), of: current });
  }

  return (
    <div>
      <p className="max-w-prose text-ink-soft">
        The cells here take their gradients back by hand, without a library that does it for them. Each number can be
        checked: move one weight a little up and down, and see how the loss follows. That is a central difference (
        <Cite paper="finiteDifferences" />
        ).
      </p>
      <Button className="mt-4" onClick={run}>
        Check the gradient
      </Button>
      <p className="mt-1 text-ink-soft text-note">
        On a network with random weights of the cell and arrangement that are chosen above.
      </p>
      <p role="status" className="numbers mt-4 max-w-prose font-serif text-xl empty:hidden">
        {check &&
          (check.passed
            ? `Right (${DESCRIPTIONS[cell].name}): of ${check.parameters.reduce((sum, { count }) => sum + count, 0)} numbers none is off by more than ${scientific(check.difference)} of its size.`
            : `Wrong (${DESCRIPTIONS[cell].name}): one number is off by ${scientific(check.difference)} of its size.`)}
      </p>
      {check && (
        <table className="numbers mt-4 text-sm">
          <caption className="pb-1.5 text-left text-ink-soft text-note">
            The greatest difference of each parameter
          </caption>
          <thead className="text-ink-soft text-note">
            <tr>
              <th scope="col" className="pr-6 text-left font-normal">
                Parameter
              </th>
              <th scope="col" className="pr-6 text-right font-normal">
                Numbers
              </th>
              <th scope="col" className="text-right font-normal">
                Off by
              </th>
            </tr>
          </thead>
          <tbody>
            {check.parameters.map(({ name, count, difference }) => (
              <tr key={name} className="border-hairline border-t">
                <th scope="row" className="py-1 pr-6 text-left font-normal">
                  <ParameterName name={name} />
                </th>
                <td className="py-1 pr-6 text-right">{count}</td>
                <td className="py-1 text-right">{scientific(difference)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** "layer 1, forward: W_i", with the symbol typeset. */
function ParameterName({ name }: { name: string }) {
  const [of, symbol = ""] = name.split(": ");
  return (
    <>
      {of}: <Formula text={symbol} />
    </>
  );
}
