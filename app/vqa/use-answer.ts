"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import type { VqaResponse } from "@/app/api/vqa/schema";
import { InklingError, isAbortError } from "@/lib/inference/errors";
import type { Photo } from "@/lib/ui/photo/photo";
import type { Place } from "@/lib/ui/run/measured-times";
import { type Run, runAt } from "@/lib/ui/run/run";
import type { Device } from "@/lib/ui/run/use-device";
import { splitQuestion } from "@/lib/vqa/question";
import type { LoadedAnswerer } from "./device-answerer";
import { PhotoSession } from "./photo-session";

export type AnswerRun = Run<VqaResponse>;

/** Questions that the model reads alike have one answer. */
export const answerKey = (photo: Photo, place: Place, question: string) =>
  ["vqa", photo.id, place, splitQuestion(question).join(" ")] as const;

/** The answer to the question on screen; one that is asked after another supersedes it. */
export function useAnswer(options: {
  photo: Photo;
  /** Asked where it has a word. */
  question: string;
  place: Place;
  device: Device<LoadedAnswerer>;
  /** Whether to wait: a photo is being read. */
  wait: boolean;
  onRun: (run: AnswerRun) => void;
}) {
  const { photo, question, place, device, wait, onRun } = options;
  const client = useQueryClient();
  const session = useMemo(() => new PhotoSession(photo), [photo]);
  useEffect(() => () => session.stop(), [session]);

  const asked = splitQuestion(question).length > 0;
  const query = useQuery<AnswerRun, Error>({
    queryKey: answerKey(photo, place, question),
    enabled: asked && !wait,
    queryFn: async ({ signal }) => {
      const run = await runAt(
        place,
        {
          device: async () => session.askDevice(await device.load(), question, signal),
          server: () => session.askServer(question, signal),
        },
        { here: device.here, signal },
      );
      onRun(run);
      return run;
    },
    placeholderData: (previous, previousQuery) => (previousQuery?.queryKey[1] === photo.id ? previous : undefined),
  });
  const stop = useCallback(() => {
    session.stop();
    void client.cancelQueries({ queryKey: ["vqa"] });
  }, [client, session]);

  return {
    session,
    /** The answer, at most to the question before while this one is being answered. */
    run: asked ? query.data : undefined,
    /** Whether the answer is to the question that is asked. */
    current: asked && query.data !== undefined && !query.isPlaceholderData,
    error: query.error && !isAbortError(query.error) ? InklingError.from(query.error) : undefined,
    running: query.isFetching,
    /** Neither running nor answered: the visitor stopped it. */
    stopped: asked && !wait && !query.isFetching && !query.error && (query.isPending || query.isPlaceholderData),
    start: () => void query.refetch(),
    stop,
  };
}
