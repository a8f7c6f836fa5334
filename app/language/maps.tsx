"use client";

import { Delaunay } from "d3-delaunay";
import { scaleLinear } from "d3-scale";
import { type PointerEvent, type RefObject, useEffect, useId, useMemo, useRef, useState } from "react";
import { Button } from "@/lib/ui/button";
import stored from "@/models/language/map.json";
import { nameOf } from "./colours";
import { layOut } from "./label-layout";

type MapName = keyof typeof stored;

interface MapKind {
  readonly name: MapName;
  readonly label: string;
  readonly meaning: string;
  /** What it opens on: something whose neighbours tell much. */
  readonly opening: string;
}

const WORDS: MapKind = {
  name: "words",
  label: "Words",
  meaning:
    "Of the most frequent words: near each other lie those behind which the network is in like states, so that it expects like things.",
  opening: "could",
};
const CHARACTERS: MapKind = {
  name: "characters",
  label: "Characters",
  meaning:
    "Of all characters: near each other lie those with like embeddings. The marks that end a sentence lie together, and most letters have their capital or small twin among their six nearest; for much else no reason can be seen.",
  opening: "?",
};

/** In pixels: labels are as large on a phone as elsewhere, and so fewer. */
const FONT = 14;
const MARGIN = 16;
const LOWEST = 340;

/** Maps that training drew: what the network treats alike lies near. Loaded when they are opened. */
export function Maps() {
  const [kind, setKind] = useState(WORDS);
  const [chosen, setChosen] = useState(() => openingOf(WORDS));
  const svg = useRef<SVGSVGElement>(null);
  const width = useWidth(svg);
  const height = Math.max(LOWEST, Math.round(width * 0.69));
  const lookNote = useId();
  const { name } = kind;
  const entries = stored[name];
  const points = useMemo(() => {
    const x = scaleLinear([0, 1], [MARGIN, width - MARGIN]);
    const y = scaleLinear([0, 1], [MARGIN, height - MARGIN]);
    return stored[name].map((each) => ({ ...each, x: x(each.x), y: y(each.y) }));
  }, [name, width, height]);
  const nearest = useMemo(
    () =>
      Delaunay.from(
        points,
        (point) => point.x,
        (point) => point.y,
      ),
    [points],
  );
  const labels = useMemo(
    () => layOut(points, [chosen, ...(points[chosen]?.neighbours ?? [])], { width, height, font: FONT }),
    [points, chosen, width, height],
  );
  const point = points[chosen] ?? points[0];
  if (!point) return null;
  const near = new Set(point.neighbours);
  const atPlace = new Set(labels.filter(({ isAside }) => !isAside).map(({ index }) => index));

  function onPointerDown({ currentTarget, clientX, clientY }: PointerEvent<SVGSVGElement>) {
    const box = currentTarget.getBoundingClientRect();
    setChosen(nearest.find(clientX - box.left, clientY - box.top));
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,1fr)_17rem]">
      <svg
        ref={svg}
        width="100%"
        height={height}
        role="img"
        aria-label={`Map of ${points.length} ${name}; the list beside it names the neighbours of each.`}
        onPointerDown={onPointerDown}
        className="touch-pan-y outline outline-hairline"
      >
        {point.neighbours.map((index) => {
          const other = points[index];
          return (
            other && <line key={index} x1={point.x} y1={point.y} x2={other.x} y2={other.y} className="stroke-seen/60" />
          );
        })}
        {points.map(
          ({ text, x, y }, index) =>
            !atPlace.has(index) && (
              <circle
                key={text}
                cx={x}
                cy={y}
                r={index === chosen || near.has(index) ? 3 : 2}
                className={index === chosen || near.has(index) ? "fill-seen" : "fill-ink-soft/60"}
              />
            ),
        )}
        {labels.toReversed().map(({ index, x, y }) => (
          <text
            key={index}
            x={x}
            y={y}
            textAnchor="middle"
            dominantBaseline="central"
            fontSize={FONT}
            // Lines stop short of the letters.
            paintOrder="stroke"
            strokeWidth={4}
            className={`stroke-paper ${index === chosen ? "fill-seen font-semibold" : near.has(index) ? "fill-seen" : "fill-ink-soft"}`}
          >
            {shown(points[index]?.text ?? "")}
          </text>
        ))}
      </svg>
      <div className="grid content-start gap-4">
        <fieldset>
          <legend className="text-sm">Map of</legend>
          <div className="flex gap-x-5">
            {[WORDS, CHARACTERS].map((each) => (
              <label key={each.name} className="flex cursor-pointer items-baseline gap-2 py-1 text-sm">
                <input
                  type="radio"
                  name="map"
                  checked={each === kind}
                  onChange={() => {
                    setKind(each);
                    setChosen(openingOf(each));
                  }}
                  className="size-3.5 translate-y-px accent-ink"
                />
                {each.label}
              </label>
            ))}
          </div>
          <p className="text-ink-soft text-note">{kind.meaning}</p>
        </fieldset>
        <div>
          <label className="block text-sm">
            Look at
            <select
              value={chosen}
              aria-describedby={lookNote}
              onChange={({ target }) => setChosen(Number(target.value))}
              className="mt-1 block w-full rounded-[3px] border border-ink/35 bg-paper px-3 py-2 text-sm"
            >
              {entries.map((each, index) => (
                <option key={each.text} value={index}>
                  {nameOf(each.text)}
                </option>
              ))}
            </select>
          </label>
          <p id={lookNote} className="mt-1 text-ink-soft text-note">
            Chooses whose six nearest are marked; touching the map does so too.
          </p>
        </div>
        <section aria-label="Neighbours">
          <p className="text-sm">Nearest to {nameOf(point.text)}:</p>
          <ol className="flex flex-wrap gap-x-4 font-serif text-lg">
            {point.neighbours.map((index) => (
              <li key={index}>
                <Button look="text" className="text-lg" onClick={() => setChosen(index)}>
                  {nameOf(points[index]?.text ?? "")}
                </Button>
              </li>
            ))}
          </ol>
        </section>
        <p className="text-ink-soft text-note">
          Drawn by t-SNE (
          <a href="https://www.jmlr.org/papers/v9/vandermaaten08a.html" className="underlined">
            van der Maaten and Hinton, 2008
          </a>
          ), which keeps neighbours together; distances across the map mean nothing. Neighbours are found by the angle
          between the vectors themselves.
        </p>
      </div>
    </div>
  );
}

function shown(text: string): string {
  return { " ": "␣", "\n": "↵" }[text] ?? text;
}

function openingOf({ name, opening }: MapKind): number {
  return Math.max(
    0,
    stored[name].findIndex(({ text }) => text === opening),
  );
}

/** How wide an element is, in pixels. */
function useWidth(ref: RefObject<Element | null>): number {
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
