/** A few lines over one axis: small enough to draw by hand, so that no chart library is loaded. */
import { formatMeasure } from "./scientific";

export interface Series {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

interface ChartProps {
  readonly title: string;
  readonly series: readonly Series[];
  /** What the values are over: "step of training", "step of the sequence". */
  readonly xLabel: string;
  /** Whether the vertical axis counts in powers of ten. */
  readonly log?: boolean;
  /** A level to compare with. */
  readonly threshold?: { readonly value: number; readonly label: string };
}

const WIDTH = 360;
const HEIGHT = 190;
const LEFT = 44;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 34;
/** Values of which more are drawn as the mean of neighbours. */
const MAX_POINTS = 200;
/** What a logarithm cannot show is drawn at the bottom. */
const LEAST = 1e-12;

/** So that lines are told apart without colour. */
const DASHES = [undefined, "5 4", "1 3"] as const;

export function LineChart({ title, series, xLabel, log = false, threshold }: ChartProps) {
  const scale = (value: number) => (log ? Math.log10(Math.max(LEAST, value)) : value);
  const empty = series.every(({ values }) => values.length === 0);
  const points = series.map(({ values }) => thin(values, scale));
  const levels = points.flat().map(([, y]) => y);
  if (threshold) levels.push(scale(threshold.value));
  const [low, high] = log ? decades(levels) : [0, Math.max(1e-3, ...levels) * 1.05];
  const length = Math.max(2, ...series.map(({ values }) => values.length));
  const x = (index: number) => LEFT + ((WIDTH - LEFT - RIGHT) * index) / (length - 1);
  const y = (level: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (level - low) / (high - low));
  const ticks = empty ? [] : log ? decadeTicks(low, high) : [0, high / 2, high];
  return (
    <figure>
      <figcaption className="text-sm">{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={describe(title, series)} className="numbers mt-1">
        <g className="fill-ink-soft text-[10px]">
          {ticks.map((level) => (
            <g key={level}>
              <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(level)} y2={y(level)} className="stroke-hairline" />
              {log ? (
                <text x={LEFT - 6} y={y(level) + 3} textAnchor="end">
                  10
                  <tspan dy="-4" className="text-[8px]">
                    {String(level).replace("-", "−")}
                  </tspan>
                </text>
              ) : (
                <text x={LEFT - 6} y={y(level) + 3} textAnchor="end">
                  {formatMeasure(level, 2)}
                </text>
              )}
            </g>
          ))}
          {empty ? (
            <>
              <line
                x1={LEFT}
                x2={WIDTH - RIGHT}
                y1={HEIGHT - BOTTOM}
                y2={HEIGHT - BOTTOM}
                className="stroke-hairline"
              />
              <text x={(LEFT + WIDTH) / 2} y={(TOP + HEIGHT - BOTTOM) / 2} textAnchor="middle">
                nothing yet
              </text>
            </>
          ) : (
            <>
              <text x={LEFT} y={HEIGHT - BOTTOM + 14}>
                1
              </text>
              <text x={WIDTH - RIGHT} y={HEIGHT - BOTTOM + 14} textAnchor="end">
                {length}
              </text>
            </>
          )}
          <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 6} textAnchor="middle">
            {xLabel}
          </text>
        </g>
        {threshold && !empty && (
          <g>
            <line
              x1={LEFT}
              x2={WIDTH - RIGHT}
              y1={y(scale(threshold.value))}
              y2={y(scale(threshold.value))}
              strokeDasharray="2 2"
              className="stroke-ink-soft"
            />
            <text
              x={WIDTH - RIGHT}
              y={y(scale(threshold.value)) - 4}
              textAnchor="end"
              className="fill-ink-soft text-[10px]"
            >
              {threshold.label}
            </text>
          </g>
        )}
        {points.map((line, index) => (
          <path
            // Two cells of one kind have one name.
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            key={index}
            d={line
              .map(([at, level], place) => `${place === 0 ? "M" : "L"}${x(at).toFixed(1)},${y(level).toFixed(1)}`)
              .join("")}
            strokeDasharray={DASHES[index]}
            strokeWidth="1.5"
            strokeLinejoin="round"
            className="fill-none stroke-ink"
          />
        ))}
      </svg>
    </figure>
  );
}

/** Which line is whose. */
export function ChartLegend({ names }: { names: readonly string[] }) {
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
      {names.map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two may have one name
        <li key={index} className="flex items-center gap-2">
          <svg viewBox="0 0 28 4" aria-hidden className="w-7 stroke-ink">
            <line x1="0" x2="28" y1="2" y2="2" strokeWidth="1.5" strokeDasharray={DASHES[index]} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

/** Where a line goes: index and level, the means of neighbours where there are many. */
function thin(values: ArrayLike<number>, scale: (value: number) => number): (readonly [number, number])[] {
  const bucket = Math.ceil(values.length / MAX_POINTS);
  const points: (readonly [number, number])[] = [];
  for (let start = 0; start < values.length; start += bucket) {
    const end = Math.min(values.length, start + bucket);
    let sum = 0;
    for (let index = start; index < end; index += 1) sum += scale(values[index] ?? 0);
    const mean = sum / (end - start);
    if (Number.isFinite(mean)) points.push([(start + end - 1) / 2, mean]);
  }
  return points;
}

/** The whole powers of ten around some levels. */
function decades(levels: readonly number[]): [number, number] {
  if (levels.length === 0) return [-3, 0];
  const low = Math.floor(Math.min(...levels));
  return [low, Math.max(low + 1, Math.ceil(Math.max(...levels)))];
}

function decadeTicks(low: number, high: number): number[] {
  const every = Math.max(1, Math.ceil((high - low) / 6));
  return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, index) => low + index * every);
}

function describe(title: string, series: readonly Series[]): string {
  const ends = series.map(({ name, values }) => {
    const first = values[0];
    const last = values[values.length - 1];
    if (first === undefined || last === undefined) return `${name}: nothing yet`;
    return `${name} from ${formatMeasure(first, 2)} to ${formatMeasure(last, 2)}`;
  });
  return `${title}. ${ends.join("; ")}.`;
}
