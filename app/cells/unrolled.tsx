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

/** What a cell or an input hands to what stands above it. */
const INTO_ABOVE = "M24,15 V2 M20.5,6 L24,2 L27.5,6";
/** An input to the cell below it. */
const INTO_BELOW = "M24,1 V14 M20.5,10 L24,14 L27.5,10";
/** What one step hands to the next one. */
const TO_RIGHT = "M49,44 H66 M62,40.5 L66,44 L62,47.5";
const FROM_RIGHT = "M67,44 H50 M54,40.5 L50,44 L54,47.5";

/**
 * Of two directions: what the forward layer says, on its way to the readout past the input and the backward layer, where it goes
 * under the arrow from step to step.
 */
const FORWARD_OUT = "M49,28 H57 V0";
const PAST_INPUT = "M57,40 V0";
const PAST_BACKWARD = "M57,72 V49 M57,39 V10 H24";
const PAST_LAST_BACKWARD = "M57,72 V10 H24";

/**
 * The network over all steps, as a table: a column for each step, with the readout on top. The input is at the bottom or, of two
 * directions, between their layers, since both read it. Each cell is a button that leads into it.
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
  const { bidirectional } = network.config;
  // The highest layer stands on top.
  const layers = network.layers.map((_, index) => index).reverse();
  const rows = bidirectional ? [...layers.slice(0, -1), "input" as const, 0] : [...layers, "input" as const];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section aria-label="The network, step by step" tabIndex={0} className="overflow-x-auto pb-2">
      <table className="numbers border-separate border-spacing-0 text-center text-note">
        <caption className="sr-only">
          {bidirectional
            ? "Columns are steps. From top to bottom: how probable an odd number of ones is, read from the states of both directions; the states of the backward direction; the input, which both read; the states of the forward direction."
            : "Columns are steps. From top to bottom: how probable an odd number of ones is, the states of each layer, the input."}
        </caption>
        <thead>
          <tr className="text-ink-soft">
            <th scope="col" className="sticky left-0 z-1 bg-paper pr-3 text-left font-normal">
              Step
            </th>
            {values.map((_, step) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
              <th key={step} scope="col" className="pr-5 font-normal">
                <span className={step === place.step ? "text-ink underline" : undefined}>{step + 1}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <RowHeader>Odd?</RowHeader>
            {values.map((_, step) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
              <td key={step} className={`pr-5 ${step === place.step ? "font-medium" : "text-ink-soft"}`}>
                {formatProbability(probabilityOfOdd(network, step))}
              </td>
            ))}
          </tr>
          {rows.map((layer) => {
            if (layer === "input") {
              return (
                <tr key={layer}>
                  <RowHeader below>Input</RowHeader>
                  {values.map((value, step) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
                    <td key={step} className="relative p-0">
                      <Wires paths={bidirectional ? [INTO_ABOVE, PAST_INPUT] : [INTO_ABOVE]} height={40} />
                      <span
                        className={`mt-4 mr-5 block h-6 leading-6 ${step === place.step ? "font-medium" : "text-ink-soft"}`}
                      >
                        {String(value).replace("-", "−")}
                      </span>
                    </td>
                  ))}
                </tr>
              );
            }
            const backward = network.layers[layer]?.config.reverse ?? false;
            return (
              <tr key={layer}>
                <RowHeader below>
                  {layerName(network, layer)} <span aria-hidden>{backward ? "←" : "→"}</span>
                </RowHeader>
                {values.map((_, step) => {
                  const { state } = network.layers[layer]?.stepAt(step) ?? {};
                  const chosen = layer === place.layer && step === place.step;
                  const last = step === values.length - 1;
                  const wires = backward
                    ? [INTO_ABOVE, last ? PAST_LAST_BACKWARD : PAST_BACKWARD]
                    : bidirectional
                      ? [INTO_BELOW, FORWARD_OUT]
                      : [INTO_ABOVE];
                  if (!last) wires.push(backward ? FROM_RIGHT : TO_RIGHT);
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place
                    <td key={step} className="relative p-0">
                      <Wires paths={wires} height={72} />
                      <button
                        type="button"
                        aria-pressed={chosen}
                        aria-label={`${layerName(network, layer)}, step ${step + 1}: h = ${[...(state ?? [])].map(formatNumber).join(", ")}`}
                        onClick={() => onChange({ layer, step })}
                        className={`mt-4 mr-5 block h-14 w-12 rounded-[3px] border p-1 ${chosen ? "border-2 border-ink bg-paper-deep" : "border-ink/35 hover:border-ink"}`}
                      >
                        <StateBars state={state ?? new Float64Array()} />
                      </button>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function RowHeader({ children, below = false }: { children: React.ReactNode; below?: boolean }) {
  return (
    <th
      scope="row"
      // What is below the first row has an arrow above it.
      className={`sticky left-0 z-1 whitespace-nowrap bg-paper pr-3 text-left font-normal ${below ? "pt-4" : ""}`}
    >
      {children}
    </th>
  );
}

/** Lines around one cell of the table: 68 wide, of which the cell has 48 and the gap to the next one 20. */
function Wires({ paths, height }: { paths: readonly string[]; height: number }) {
  return (
    <svg
      viewBox={`0 0 68 ${height}`}
      aria-hidden
      className="pointer-events-none absolute inset-0 h-full w-full fill-none stroke-ink-soft"
    >
      {paths.map((path) => (
        <path key={path} d={path} strokeWidth="1.25" strokeLinejoin="round" />
      ))}
    </svg>
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
