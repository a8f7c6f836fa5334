"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { StoriesResponse } from "@/app/api/stories/schema";
import { InklingError, isAbortError } from "@/lib/inference/errors";
import { fetchOwn } from "@/lib/ui/run/fetch-api";
import type { Place } from "@/lib/ui/run/measured-times";
import { type Run, runAt } from "@/lib/ui/run/run";
import type { Device } from "@/lib/ui/run/use-device";
import type { LoadedReader } from "./device-reader";
import type { StoryText } from "./story";

export type StoryRun = Run<StoriesResponse>;

export const answerKey = (place: Place, asked: StoryText | undefined) =>
  ["stories", place, asked?.story, asked?.question] as const;

/**
 * The answer to what is on screen; one that is asked after another supersedes it.
 *
 * @param asked - undefined while there is no story, or no question
 */
export function useAnswer(
  asked: StoryText | undefined,
  place: Place,
  device: Device<LoadedReader>,
  onRun: (run: StoryRun) => void,
) {
  const client = useQueryClient();
  const query = useQuery<StoryRun, Error>({
    queryKey: answerKey(place, asked),
    enabled: asked !== undefined,
    queryFn: async ({ signal }) => {
      const text = asked as StoryText;
      const run = await runAt(
        place,
        {
          device: async () => (await device.load()).answer(text, signal),
          server: async () => {
            const headers = { "content-type": "application/json" };
            const { story, question } = text;
            const body = JSON.stringify({ story, question });
            return (await fetchOwn("/api/stories", { method: "POST", headers, body, signal })).json();
          },
        },
        { here: device.here, signal },
      );
      onRun(run);
      return run;
    },
    placeholderData: (previous) => previous,
  });
  const stop = useCallback(() => void client.cancelQueries({ queryKey: ["stories"] }), [client]);
  return {
    /** The answer, at most to the question before while this one is being answered. */
    run: asked ? query.data : undefined,
    /** Whether the answer is to what is asked. */
    current: asked !== undefined && query.data !== undefined && !query.isPlaceholderData,
    error: query.error && !isAbortError(query.error) ? InklingError.from(query.error) : undefined,
    running: query.isFetching,
    /** Neither running nor answered: the visitor stopped it. */
    stopped: asked !== undefined && !query.isFetching && !query.error && (query.isPending || query.isPlaceholderData),
    start: () => void query.refetch(),
    stop,
  };
}
