"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { TrainingRequest, TrainingResponse } from "@/lib/cells/training-protocol";
import { InklingError } from "@/lib/inference/errors";
import { type Endpoint, webEndpoint } from "@/lib/inference/worker-protocol";
import type { RunHistory } from "./examples";
import { DEFAULT_SETTINGS, runsOf, type TrainingSettings } from "./settings";

/** Where a training ends by itself. */
export const LAST_STEP = 5000;

export type TrainingStatus = "example" | "ready" | "running" | "paused" | "finished" | "failed";

interface State {
  readonly status: TrainingStatus;
  readonly runs: readonly RunHistory[];
  readonly stepsPerSecond: number;
  /** After which step learning rate or clipping last became what they are now, where it was in the middle. */
  readonly paceChangedAt?: number;
  readonly error?: InklingError;
}

export interface Training extends State {
  /** Begins, or goes on after a pause. */
  learn(): void;
  pause(): void;
  /** Forgets what was learned. */
  reset(settings: TrainingSettings): void;
  /** Goes on with other settings where only the pace of an unfinished training changes; else forgets what was learned. */
  change(settings: TrainingSettings): void;
}

interface OpenWorker {
  readonly endpoint: Endpoint<TrainingRequest, TrainingResponse>;
  terminate(): void;
}

const sameRuns = (one: TrainingSettings, other: TrainingSettings) =>
  JSON.stringify(runsOf(one)) === JSON.stringify(runsOf(other));

function emptyRuns({ cells }: TrainingSettings): RunHistory[] {
  const nothing = { steps: 0, losses: [], gradientNorms: [], accuracy: Number.NaN, throughTime: [], diverged: false };
  return cells.map((cell) => ({ cell, ...nothing }));
}

/**
 * A training in a Web Worker, which is started when it is first asked for and ended when the page is left.
 *
 * @param example - what the training of the default settings has come to, to begin with
 */
export function useTraining(settings: TrainingSettings, example: readonly RunHistory[]): Training {
  const [state, setState] = useState<State>(() =>
    sameRuns(settings, DEFAULT_SETTINGS.training)
      ? { status: "example", runs: example, stepsPerSecond: 0 }
      : { status: "ready", runs: emptyRuns(settings), stepsPerSecond: 0 },
  );
  const worker = useRef<OpenWorker>(null);
  const end = useCallback(() => {
    worker.current?.terminate();
    worker.current = null;
  }, []);
  useEffect(() => end, [end]);

  function open(): OpenWorker {
    const opened = new Worker(new URL("./training-worker.ts", import.meta.url), { type: "module" });
    const endpoint = webEndpoint<TrainingRequest, TrainingResponse>(opened);
    const own: OpenWorker = { endpoint, terminate: () => opened.terminate() };
    endpoint.onMessage((response) => {
      // What an ended worker still had to say belongs to what was forgotten.
      if (worker.current === own) setState((before) => addProgress(before, response));
    });
    opened.addEventListener("error", ({ message }) => {
      end();
      const error = new InklingError("internal", "The training stopped by itself.", "Reset it and begin again.", {
        cause: new Error(message),
      });
      setState((before) => ({ ...before, status: "failed", error }));
    });
    return own;
  }

  function reset(next: TrainingSettings): void {
    end();
    setState({ status: "ready", runs: emptyRuns(next), stepsPerSecond: 0 });
  }

  return {
    ...state,
    reset,
    learn() {
      if (state.status === "paused") {
        worker.current?.endpoint.send({ type: "resume" });
        setState((before) => ({ ...before, status: "running" }));
        return;
      }
      worker.current ??= open();
      const { learningRate, clipping } = settings;
      const pace = { learningRate, clipping };
      worker.current.endpoint.send({ type: "start", runs: runsOf(settings), pace, lastStep: LAST_STEP });
      setState({ status: "running", runs: emptyRuns(settings), stepsPerSecond: 0 });
    },
    pause() {
      if (state.status !== "running") return;
      worker.current?.endpoint.send({ type: "pause" });
      setState((before) => ({ ...before, status: "paused" }));
    },
    change(next) {
      // What is shown must be what these settings have made.
      const unfinished = state.status === "running" || state.status === "paused";
      if (!unfinished || !sameRuns(next, settings)) return reset(next);
      const { learningRate, clipping } = next;
      worker.current?.endpoint.send({ type: "setPace", pace: { learningRate, clipping } });
      setState((before) => ({ ...before, paceChangedAt: Math.max(...before.runs.map((run) => run.steps)) }));
    },
  };
}

function addProgress(before: State, { runs, stepsPerSecond, finished }: TrainingResponse): State {
  return {
    ...before,
    status: finished ? "finished" : before.status,
    stepsPerSecond,
    runs: before.runs.map((run, index) => {
      const progress = runs[index];
      if (!progress) return run;
      const { losses, gradientNorms, throughTime, ...rest } = progress;
      return {
        ...run,
        ...rest,
        losses: [...run.losses, ...losses],
        gradientNorms: [...run.gradientNorms, ...gradientNorms],
        throughTime: [...throughTime],
      };
    }),
  };
}
