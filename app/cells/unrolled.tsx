import type { Network } from "@/lib/cells/network";
import { formatProbability } from "@/lib/ui/format";
import { formatNumber } from "./equations";
import { probabilityOfOdd } from "./stepped";

/** The cell that is looked at. */
export interface Place {
  readonly layer: number;
  readonly step: number;
}

/** What a layer is called. */
export function layerName({ config }: Network, layer: number): string {
  if (config.bidirectional) return layer === 0 ? "Forward" : "Backward";
  return config.layers === 1 ? "Cell" : `Layer ${layer + 1}`;
}

/**
 * The network over all steps, as a table: a column for each step, from the input at the bottom to the readout at the top. Each cell
 * is a button that leads into it.
 */
export function Unrolled({
  network,
  values,
  place,
  onChange,
}: {
  network: Network;
  values: readonly number[];
  place: Place;
  onChange: (place: Place) => void;
}) {
  // The highest layer stands on top.
  const layers = network.layers.map((_, index) => index).reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section aria-label="The network, step by step" tabIndex={0} className="overflow-x-auto pb-2">
      <table className="numbers border-separate border-spacing-x-1 text-center text-note">
        <caption className="sr-only">
          Columns are steps. From top to bottom: how probable an odd number of ones is, the states of each layer, the
          input.
        </caption>
        <thead>
          <tr className="text-ink-soft">
            <th scope="col" className="sticky left-0 bg-paper pr-2 text-left font-normal">
              Step
            </th>
            {values.map((_, step) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
              <th key={step} scope="col" className={`font-normal ${step === place.step ? "text-ink underline" : ""}`}>
                {step + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <RowHeader>Odd?</RowHeader>
            {values.map((_, step) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
              <td key={step} className={step === place.step ? "font-medium" : "text-ink-soft"}>
                {formatProbability(probabilityOfOdd(network, step))}
                <Arrow>↑</Arrow>
              </td>
            ))}
          </tr>
          {layers.map((layer) => {
            const backward = network.layers[layer]?.config.reverse ?? false;
            return (
              <tr key={layer}>
                <RowHeader>
                  {layerName(network, layer)} <span aria-hidden>{backward ? "←" : "→"}</span>
                </RowHeader>
                {values.map((_, step) => {
                  const { state } = network.layers[layer]?.stepAt(step) ?? {};
                  const chosen = layer === place.layer && step === place.step;
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
                    <td key={step}>
                      <button
                        type="button"
                        aria-pressed={chosen}
                        aria-label={`${layerName(network, layer)}, step ${step + 1}: h = ${[...(state ?? [])].map(formatNumber).join(", ")}`}
                        onClick={() => onChange({ layer, step })}
                        className={`h-14 w-14 rounded-[3px] border p-1 ${chosen ? "border-2 border-ink bg-paper-deep" : "border-ink/35 hover:border-ink"}`}
                      >
                        <StateBars state={state ?? new Float64Array()} />
                      </button>
                      <Arrow>↑</Arrow>
                    </td>
                  );
                })}
              </tr>
            );
          })}
          <tr>
            <RowHeader>Input</RowHeader>
            {values.map((value, step) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
              <td key={step} className={step === place.step ? "font-medium" : "text-ink-soft"}>
                {String(value).replace("-", "−")}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function RowHeader({ children }: { children: React.ReactNode }) {
  return (
    <th scope="row" className="sticky left-0 whitespace-nowrap bg-paper pr-2 text-left font-normal">
      {children}
    </th>
  );
}

function Arrow({ children }: { children: string }) {
  return (
    <span aria-hidden className="block text-ink-soft leading-none">
      {children}
    </span>
  );
}

/** The units of a state as bars, up for positive and down for negative ones. */
function StateBars({ state }: { state: Float64Array }) {
  return (
    <svg viewBox={`0 0 ${state.length * 12} 40`} aria-hidden className="h-full w-full">
      <line x1="0" x2={state.length * 12} y1="20" y2="20" className="stroke-ink/35" />
      {[...state].map((value, unit) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a unit is its place
          key={unit}
          x={unit * 12 + 2}
          width="8"
          y={value > 0 ? 20 - 19 * value : 20}
          height={Math.max(1, 19 * Math.abs(value))}
          className="fill-ink"
        />
      ))}
    </svg>
  );
}
