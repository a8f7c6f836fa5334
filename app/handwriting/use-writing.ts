"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import type { HandwritingResponse } from "@/app/api/handwriting/schema";
import type { WritingEvent } from "@/lib/handwriting/types";
import { InklingError, isAbortError } from "@/lib/inference/errors";
import type { Place } from "@/lib/ui/run/measured-times";
import { type Run, runAt } from "@/lib/ui/run/run";
import type { Device } from "@/lib/ui/run/use-device";
import { Draft } from "./draft";
import { commonInk, type Pen } from "./pen";
import { writeOnServer } from "./server-writer";
import type { LoadedWriter, WritingRequest } from "./writer";

export type WritingRun = Run<HandwritingResponse>;

export const writingKey = (place: Place, request: WritingRequest | undefined) =>
  ["handwriting", place, request] as const;

/**
 * What is asked for, written: its ink goes to the pen as it comes. What is asked for next supersedes it, and the pen goes
 * on with what both have in common.
 *
 * @param request - undefined where there is nothing to write
 */
export function useWriting({
  request,
  place,
  device,
  pen,
  onRun,
}: {
  request: WritingRequest | undefined;
  place: Place;
  device: Device<LoadedWriter>;
  pen: Pen;
  onRun: (run: WritingRun) => void;
}) {
  const client = useQueryClient();
  const query = useQuery<WritingRun, Error>({
    queryKey: writingKey(place, request),
    enabled: request !== undefined,
    queryFn: async ({ signal }) => {
      const wanted = request as WritingRequest;
      const run = await runAt(
        place,
        {
          device: async () => (await device.load()).write(wanted, signal, showDraft(pen, signal)),
          server: () => writeOnServer(wanted, signal, showDraft(pen, signal)),
        },
        { here: device.here, signal },
      );
      onRun(run);
      return run;
    },
    placeholderData: (previous) => previous,
  });
  const run = request && query.data;
  const current = run !== undefined && !query.isPlaceholderData;
  const response = run?.response;

  useEffect(() => {
    if (current && response) pen.show(response.strokes, response.origin);
  }, [current, response, pen]);
  const nothing = request === undefined;
  useEffect(() => {
    if (nothing) pen.show([]);
  }, [nothing, pen]);

  const stop = useCallback(() => void client.cancelQueries({ queryKey: ["handwriting"] }), [client]);

  return {
    /** The writing, at most of what was asked for before while this is being written. */
    run,
    /** Whether it is what is asked for. */
    current,
    error: query.error && !isAbortError(query.error) ? InklingError.from(query.error) : undefined,
    running: query.isFetching,
    /** Neither running nor written: the visitor stopped it. */
    stopped: !nothing && !query.isFetching && !query.error && !current,
    start: () => void query.refetch(),
    stop,
  };
}

/** Shows ink as it comes, once a frame; ink that is on the page already stays there until other ink has come so far. */
function showDraft(pen: Pen, signal: AbortSignal): (event: WritingEvent) => void {
  const draft = new Draft();
  let waiting = false;
  let withdrawn = false;
  return (event) => {
    draft.apply(event);
    withdrawn ||= event.type === "reset";
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (signal.aborted) return;
      const strokes = draft.strokes();
      const same = commonInk(pen.ink.strokes, strokes);
      const known = same.stroke === strokes.length - 1 && same.point === (strokes.at(-1)?.length ?? 0) - 1;
      if (!known || withdrawn) pen.show(strokes);
      withdrawn = false;
    });
  };
}
