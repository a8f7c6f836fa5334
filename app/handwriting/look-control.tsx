"use client";

import { Slider } from "@/lib/ui/slider";
import { type Look, MAX_WIDTH, MIN_WIDTH, PAPERS, type Paper, SPEEDS } from "./settings";

const PAPER_NAMES: Readonly<Record<Paper, string>> = { plain: "Plain", ruled: "Ruled", dark: "Dark" };

/** Inks that can be read on light and dark paper alike; the first is that of the page. */
const INKS: readonly (readonly [name: string, color: string | undefined])[] = [
  ["Black or white", undefined],
  ["Blue", "#3d68c8"],
  ["Sepia", "#976638"],
  ["Green", "#3a8660"],
];

/** How the ink looks and moves. Nothing here asks the model again. */
export function LookControl({
  look,
  still,
  onChange,
}: {
  look: Look;
  /** Whether nothing moves on this device. */
  still: boolean;
  onChange: (changes: Partial<Look>) => void;
}) {
  const custom = look.color !== undefined && !INKS.some(([, color]) => color === look.color);
  return (
    <fieldset>
      <legend className="font-serif text-xl">How it looks</legend>
      <div className="mt-3 grid gap-2">
        {!still && (
          <Slider
            label="Speed"
            value={SPEEDS.indexOf(look.speed)}
            min={0}
            max={SPEEDS.length - 1}
            format={(index) => describeSpeed(SPEEDS[index] ?? 1)}
            onChange={(index) => onChange({ speed: SPEEDS[index] ?? 1 })}
          />
        )}
        <Slider
          label="Stroke width"
          value={look.width}
          min={MIN_WIDTH}
          max={MAX_WIDTH}
          step={0.2}
          format={(width) => width.toFixed(1)}
          onChange={(width) => onChange({ width: Math.round(width * 10) / 10 })}
        />
      </div>
      <fieldset className="mt-2">
        <legend className="text-sm">Ink</legend>
        <div className="mt-1.5 flex items-center gap-2.5">
          {INKS.map(([name, color]) => (
            <label
              key={name}
              title={name}
              style={{ backgroundColor: color }}
              className="size-7 cursor-pointer rounded-full border border-ink/40 bg-ink outline-offset-2 has-[:checked]:outline-2 has-[:checked]:outline-ink has-[:focus-visible]:outline-3 has-[:focus-visible]:outline-ink"
            >
              <input
                type="radio"
                name="ink"
                checked={look.color === color}
                onChange={() => onChange({ color })}
                className="sr-only"
              />
              <span className="sr-only">{name}</span>
            </label>
          ))}
          <label className="ml-1 flex cursor-pointer items-center gap-2 text-ink-soft text-note">
            <input
              type="color"
              value={look.color ?? "#182034"}
              onChange={({ target }) => onChange({ color: target.value })}
              className={`h-7 w-9 cursor-pointer rounded-[3px] border border-ink/40 bg-transparent p-0.5 outline-offset-2 ${custom ? "outline-2 outline-ink" : ""}`}
            />
            another
          </label>
        </div>
      </fieldset>
      <fieldset className="mt-4">
        <legend className="text-sm">Paper</legend>
        <div className="mt-1 flex gap-x-5">
          {PAPERS.map((paper) => (
            <label key={paper} className="flex cursor-pointer items-baseline gap-2 py-1 text-sm">
              <input
                type="radio"
                name="paper"
                checked={look.paper === paper}
                onChange={() => onChange({ paper })}
                className="size-3.5 translate-y-px accent-ink"
              />
              {PAPER_NAMES[paper]}
            </label>
          ))}
        </div>
      </fieldset>
      <p className="mt-2 text-ink-soft text-note">
        {still
          ? "Your device asks for reduced motion, so that the ink is there at once."
          : "The model says where the pen goes, not when. Its rhythm is the law of human movement that speed falls with the cube root of curvature (Lacquaniti and others, 1983), and where it is slow the line is thicker."}
      </p>
    </fieldset>
  );
}

function describeSpeed(speed: number): string {
  if (speed === Number.POSITIVE_INFINITY) return "at once";
  return speed === 1 ? "a hand’s" : `${speed} × a hand’s`;
}
