import type { CellKind } from "@/lib/cells/cell";
import { DIAGRAMS, type Shown } from "./diagrams";
import { DESCRIPTIONS, formatNumber, type UnitValues } from "./equations";

/** A cell at one step, with the numbers of one unit where they arise. The table beside it says the same of all units. */
export function CellDiagram({
  kind,
  unit,
  input,
  label,
}: {
  kind: CellKind;
  unit: UnitValues;
  /** What x_t is shown as. */
  input: string;
  /** Which step and unit it is. */
  label: string;
}) {
  const { boxes, joints, lines, dashed, dots = [], ports } = DIAGRAMS[kind];
  const shown = (name: Shown) => {
    if (name === "x") return input;
    const others: Record<string, number> = {
      h: unit.state,
      "h−": unit.previousState,
      c: unit.memory,
      "c−": unit.previousMemory,
    };
    return formatNumber(others[name] ?? unit.values[name] ?? Number.NaN);
  };
  return (
    <svg
      viewBox="-6 0 372 252"
      role="img"
      aria-label={`${DESCRIPTIONS[kind].name}, ${label}: the same numbers are in the table.`}
      className="numbers w-full max-w-xl"
    >
      <rect x="0" y="22" width="360" height="206" rx="4" className="fill-paper-deep" />
      <g className="fill-none stroke-ink/55" strokeWidth="1.25">
        {lines.map((line) => (
          <path key={line} d={line} />
        ))}
        {dashed.map((line) => (
          <path key={line} d={line} strokeDasharray="4 3" className="stroke-seen" />
        ))}
      </g>
      {dots.map(([x, y]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r="2.5" className="fill-ink" />
      ))}
      {boxes.map(({ name, symbol, x, y }) => (
        <g key={name} textAnchor="middle" className="fill-ink text-[11px]">
          <rect x={x - 27} y={y - 22} width="54" height="44" rx="3" className="fill-paper stroke-ink/55" />
          {/* How far a gate is open; what is no gate has no bar. */}
          {symbol === "σ" && (
            <rect x={x - 27} y={y + 18} width={54 * (unit.values[name] ?? 0)} height="4" className="fill-ink" />
          )}
          <text x={x} y={y - 7}>
            <tspan className="font-serif italic">{name}</tspan> = {symbol}
          </text>
          <text x={x} y={y + 10} className="font-medium text-[13px]">
            {shown(name)}
          </text>
        </g>
      ))}
      {joints.map(({ sign, x, y }) => (
        <g key={`${sign} ${x} ${y}`} textAnchor="middle" className="fill-ink text-[11px]">
          <rect
            x={x - (sign.length > 1 ? 16 : 10)}
            y={y - 10}
            width={sign.length > 1 ? 32 : 20}
            height="20"
            rx="10"
            className="fill-paper stroke-ink/55"
          />
          <text x={x} y={y + 4}>
            {sign}
          </text>
        </g>
      ))}
      {ports.map(({ shown: name, label: text, x, y }) => {
        const [base, index = ""] = text.split("_");
        return (
          <text
            key={name}
            x={x < 180 ? x - 14 : x + 14}
            y={y}
            textAnchor={x < 180 ? "start" : "end"}
            className="fill-ink text-[11px]"
          >
            <tspan className="font-serif text-[13px] italic">{base}</tspan>
            <tspan dy="3" className="text-[8px]">
              {index.replace(/[{}]/g, "")}
            </tspan>
            <tspan dy="-3"> {shown(name)}</tspan>
          </text>
        );
      })}
    </svg>
  );
}
