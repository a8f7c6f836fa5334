"use client";

import { useEffect, useRef, useState } from "react";
import { paceInk } from "@/lib/handwriting/rhythm";
import type { Stroke } from "@/lib/handwriting/types";
import { InklingError, isAbortError } from "@/lib/inference/errors";
import { Button } from "@/lib/ui/button";
import { formatDuration } from "@/lib/ui/format";
import { Problem } from "@/lib/ui/problem";
import { ProgressBar } from "@/lib/ui/progress-bar";
import { saveFile } from "@/lib/ui/save-file";

/** Of a film, in pixels. */
const WIDTH = 1280;
/** Nobody waits for a film that shows everything at once. */
const FASTEST = 8;

/** Records a film while the page looks on, which takes as long as the film lasts. */
export function FilmExport({
  strokes,
  name,
  speed,
  width,
  colors,
}: {
  strokes: readonly Stroke[];
  name: string;
  speed: number;
  width: number;
  colors: () => { readonly ink: string; readonly paper: string };
}) {
  const [done, setDone] = useState<number>();
  const [error, setError] = useState<InklingError>();
  const controller = useRef<AbortController>(null);
  useEffect(() => () => controller.current?.abort(), []);
  const ink = paceInk(strokes);
  const rate = Math.min(speed, FASTEST);

  async function record() {
    controller.current = new AbortController();
    const { signal } = controller.current;
    setError(undefined);
    setDone(0);
    try {
      const { recordFilm } = await import("@/lib/handwriting/exports/film");
      const { ink: color, paper } = colors();
      const options = { color, background: paper, width, speed: rate, pixels: WIDTH };
      const film = await recordFilm(ink, options, signal, setDone);
      saveFile(`${name}.${film.type.split("/")[1]}`, film.type, film);
    } catch (thrown) {
      if (!isAbortError(thrown)) setError(InklingError.from(thrown));
    } finally {
      setDone(undefined);
    }
  }

  if (typeof MediaRecorder === "undefined")
    return <p className="text-ink-soft text-note">This browser cannot record a film of it.</p>;
  if (done !== undefined) {
    return (
      <div className="w-full max-w-sm">
        <ProgressBar label="Recording" value={done} max={1} text={`${Math.round(done * 100)} %`} />
        <Button look="text" className="text-note" onClick={() => controller.current?.abort()}>
          Cancel
        </Button>
      </div>
    );
  }
  return (
    <>
      <Button onClick={() => void record()}>
        Film <span className="numbers text-ink-soft text-note">{formatDuration(ink.duration / rate)}</span>
      </Button>
      {error && <Problem error={error} />}
    </>
  );
}
