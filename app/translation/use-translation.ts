"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { TranslationResponse } from "@/app/api/translation/schema";
import { InklingError, isAbortError } from "@/lib/inference/errors";
import { DEFAULT_COUNT, type Variant } from "@/lib/translation/options";
import { fetchOwn } from "@/lib/ui/run/fetch-api";
import type { Place } from "@/lib/ui/run/measured-times";
import { type Run, runAt } from "@/lib/ui/run/run";
import type { Device } from "@/lib/ui/run/use-device";
import type { LoadedTranslator } from "./device-translator";
import type { Asked } from "./settings";

export type TranslationRun = Run<TranslationResponse>;

/** Other words that are asked for at each word. */
const ALTERNATIVES = 4;

export const translationKey = (place: Place, variant: Variant, asked: Asked | undefined) =>
  ["translation", place, variant, asked?.text, asked?.beamWidth] as const;

/** What is sent for what is asked. */
export function requestOf({ text, beamWidth }: Asked, variant: Variant) {
  return { text, variant, beamWidth, count: Math.min(DEFAULT_COUNT, beamWidth), alternatives: ALTERNATIVES };
}

/**
 * What one of the translators makes of what is on screen; one that is asked after another supersedes it.
 *
 * @param asked - undefined while there is nothing to translate
 */
export function useTranslation(
  variant: Variant,
  asked: Asked | undefined,
  place: Place,
  device: Device<LoadedTranslator>,
  onRun?: (run: TranslationRun) => void,
) {
  const client = useQueryClient();
  const query = useQuery<TranslationRun, Error>({
    queryKey: translationKey(place, variant, asked),
    enabled: asked !== undefined,
    queryFn: async ({ signal }) => {
      const request = requestOf(asked as Asked, variant);
      const run = await runAt(
        place,
        {
          device: async () => (await device.load()).translate(request, signal),
          server: async () => {
            const headers = { "content-type": "application/json" };
            const body = JSON.stringify(request);
            return (await fetchOwn("/api/translation", { method: "POST", headers, body, signal })).json();
          },
        },
        { here: device.here, signal },
      );
      onRun?.(run);
      return run;
    },
    placeholderData: (previous) => previous,
  });
  const stop = useCallback(() => void client.cancelQueries({ queryKey: ["translation"] }), [client]);
  return {
    /** The translation, at most of the text before while this one is being translated. */
    run: asked ? query.data : undefined,
    /** Whether the translation is of what is asked. */
    current: asked !== undefined && query.data !== undefined && !query.isPlaceholderData,
    error: query.error && !isAbortError(query.error) ? InklingError.from(query.error) : undefined,
    running: query.isFetching,
    /** Neither running nor answered: the visitor stopped it. */
    stopped: asked !== undefined && !query.isFetching && !query.error && (query.isPending || query.isPlaceholderData),
    start: () => void query.refetch(),
    stop,
  };
}
