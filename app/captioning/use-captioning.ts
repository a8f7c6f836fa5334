"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { CaptioningResponse } from "@/app/api/captioning/schema";
import { InklingError, isAbortError } from "@/lib/inference/errors";
import type { Photo } from "@/lib/ui/photo/photo";
import { postForm } from "@/lib/ui/run/fetch-api";
import type { Place } from "@/lib/ui/run/measured-times";
import { rememberRun } from "@/lib/ui/run/remember";
import { type Run, runAt } from "@/lib/ui/run/run";
import type { Device } from "@/lib/ui/run/use-device";
import type { LoadedCaptioner } from "./device-captioner";
import type { CaptionSettings } from "./settings";

export type CaptionRun = Run<CaptioningResponse>;
export type DeviceCaptioner = Device<LoadedCaptioner>;

/**
 * Captions one photo at a place; where the device fails, on the server, saying why.
 *
 * @throws `InklingError`, or the signal's reason
 */
export function runCaptioning(
  photo: Blob,
  { beamWidth, count, rerank }: CaptionSettings,
  place: Place,
  device: DeviceCaptioner,
  signal: AbortSignal,
): Promise<CaptionRun> {
  const settings = { beamWidth, count, rerank };
  return runAt(
    place,
    {
      device: async () => (await device.load()).caption(photo, settings, signal),
      // Asked for without insisting: a server with many visitors may leave it out, and says so.
      server: () =>
        postForm(
          "/api/captioning",
          { image: photo, ...settings, rerank: rerank ? undefined : false, attention: true },
          signal,
        ),
    },
    { here: device.here, signal },
  );
}

export const captioningKey = (photo: Photo, place: Place, { beamWidth, count, rerank }: CaptionSettings) =>
  ["captioning", photo.id, place, beamWidth, count, rerank] as const;

/** The caption of the photo on screen, run again whenever the photo, the place or a setting changes. */
export function useCaptioning(options: {
  photo: Photo;
  settings: CaptionSettings;
  place: Place;
  device: DeviceCaptioner;
  /** Whether to wait: a photo is being read, or the model is being loaded. */
  wait: boolean;
  onRun: (run: CaptionRun) => void;
}) {
  const { photo, settings, place, device, wait, onRun } = options;
  const client = useQueryClient();
  const key = captioningKey(photo, place, settings);
  const query = useQuery<CaptionRun, Error>({
    queryKey: key,
    enabled: !wait,
    queryFn: async ({ signal }) => {
      const run = await runCaptioning(await photo.read(signal), settings, place, device, signal);
      onRun(run);
      // The answer does not wait for it.
      void rememberRun("captions", photo, settings, run).then(() =>
        client.invalidateQueries({ queryKey: ["history", "captions"] }),
      );
      return run;
    },
    placeholderData: (previous, previousQuery) => (previousQuery?.queryKey[1] === photo.id ? previous : undefined),
  });
  const stop = useCallback(() => client.cancelQueries({ queryKey: ["captioning"] }), [client]);
  return {
    run: query.data,
    error: query.error && !isAbortError(query.error) ? InklingError.from(query.error) : undefined,
    running: query.isFetching,
    /** Neither running nor answered (at most for other settings): the visitor stopped it. */
    stopped: !wait && !query.isFetching && (query.isPending || query.isPlaceholderData),
    start: () => void query.refetch(),
    stop,
  };
}
