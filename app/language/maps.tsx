"use client";

import { Delaunay } from "d3-delaunay";
import { scaleLinear } from "d3-scale";
import { type PointerEvent, useMemo, useState } from "react";
import { Button } from "@/lib/ui/button";
import stored from "@/models/language/map.json";
import { nameOf } from "./colours";

type MapName = keyof typeof stored;

const MAPS: readonly (readonly [name: MapName, label: string, meaning: string])[] = [
  [
    "words",
    "Words",
    "Of the most frequent words: near each other lie those behind which the network is in like states, so that it expects like things.",
  ],
  ["characters", "Characters", "Of all characters: near each other lie those with like embeddings."],
];

const WIDTH = 900;
const HEIGHT = 620;
const MARGIN = 40;
const FONT = 15;

const x = scaleLinear([0, 1], [MARGIN, WIDTH - MARGIN]);
const y = scaleLinear([0, 1], [MARGIN, HEIGHT - MARGIN]);

/** Maps that training drew: what the network treats alike lies near. Loaded when they are opened. */
export function Maps() {
  const [name, setName] = useState<MapName>("words");
  const [chosen, setChosen] = useState(0);
  const points = stored[name];
  const labelled = useMemo(() => withoutOverlap(points), [points]);
  const nearest = useMemo(
    () =>
      Delaunay.from(
        points,
        (point) => x(point.x),
        (point) => y(point.y),
      ),
    [points],
  );
  const point = points[chosen] ?? points[0];
  if (!point) return null;
  const near = new Set(point.neighbours);

  function onPointerDown({ currentTarget, clientX, clientY }: PointerEvent<SVGSVGElement>) {
    const box = currentTarget.getBoundingClientRect();
    const at = nearest.find(((clientX - box.left) / box.width) * WIDTH, ((clientY - box.top) / box.height) * HEIGHT);
    setChosen(at);
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,1fr)_17rem]">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Map of ${points.length} ${name}; the list beside it names the neighbours of each.`}
        onPointerDown={onPointerDown}
        className="h-auto w-full touch-pan-y border border-hairline"
      >
        {near.size > 0 &&
          [...near].map((index) => {
            const other = points[index];
            return (
              other && (
                <line
                  key={index}
                  x1={x(point.x)}
                  y1={y(point.y)}
                  x2={x(other.x)}
                  y2={y(other.y)}
                  className="stroke-seen/60"
                />
              )
            );
          })}
        {points.map((each, index) => {
          const isLabelled = labelled.has(index) || index === chosen || near.has(index);
          const look = index === chosen ? "fill-seen font-semibold" : near.has(index) ? "fill-seen" : "fill-ink-soft";
          return isLabelled ? (
            <text
              key={each.text}
              x={x(each.x)}
              y={y(each.y)}
              textAnchor="middle"
              dominantBaseline="central"
              fontSize={FONT}
              className={look}
            >
              {shown(each.text)}
            </text>
          ) : (
            <circle key={each.text} cx={x(each.x)} cy={y(each.y)} r={2} className="fill-ink-soft/60" />
          );
        })}
      </svg>
      <div className="grid content-start gap-4">
        <fieldset>
          <legend className="text-sm">Map of</legend>
          <div className="flex gap-x-5">
            {MAPS.map(([each, label]) => (
              <label key={each} className="flex cursor-pointer items-baseline gap-2 py-1 text-sm">
                <input
                  type="radio"
                  name="map"
                  checked={each === name}
                  onChange={() => {
                    setName(each);
                    setChosen(0);
                  }}
                  className="size-3.5 translate-y-px accent-ink"
                />
                {label}
              </label>
            ))}
          </div>
          <p className="text-ink-soft text-note">{MAPS.find(([each]) => each === name)?.[2]}</p>
        </fieldset>
        <label className="block text-sm">
          Look at
          <select
            value={chosen}
            onChange={({ target }) => setChosen(Number(target.value))}
            className="mt-1 block w-full rounded-[3px] border border-ink/35 bg-paper px-3 py-2 text-sm"
          >
            {points.map((each, index) => (
              <option key={each.text} value={index}>
                {nameOf(each.text)}
              </option>
            ))}
          </select>
        </label>
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

/** The points whose labels cover none of those before them. */
function withoutOverlap(points: readonly { readonly text: string; readonly x: number; readonly y: number }[]) {
  const boxes: (readonly [left: number, top: number, right: number, bottom: number])[] = [];
  const kept = new Set<number>();
  points.forEach(({ text, ...place }, index) => {
    const half = (text.length * FONT * 0.55) / 2;
    const box = [x(place.x) - half, y(place.y) - FONT / 2, x(place.x) + half, y(place.y) + FONT / 2] as const;
    const isFree = boxes.every(
      ([left, top, right, bottom]) => box[0] > right || box[2] < left || box[1] > bottom || box[3] < top,
    );
    if (!isFree) return;
    boxes.push(box);
    kept.add(index);
  });
  return kept;
}
