"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { CaptioningResponse } from "@/app/api/captioning/schema";
import { InklingError, isAbortError } from "@/lib/inference/errors";
import type { Place } from "./measured-times";
import { type Photo, thumbnail } from "./photo";
import { captionOnServer } from "./server-captioner";
import type { CaptionSettings } from "./settings";
import type { DeviceCaptioner } from "./use-device";

/** One answer, and how it came about. */
export interface CaptionRun {
  readonly response: CaptioningResponse;
  readonly place: Place;
  /**
   * What the answer took here, in milliseconds: from asking the server to having its answer, or the device's own total.
   * Absent for the example, which was made in advance.
   */
  readonly milliseconds?: number;
  /** One sentence: why it did not run where it was asked to. */
  readonly fallback?: string;
}

/**
 * Captions one photo at a place; where the device fails, on the server, saying why.
 *
 * @throws `InklingError`, or the signal's reason
 */
export async function runCaptioning(
  photo: Blob,
  settings: CaptionSettings,
  place: Place,
  device: DeviceCaptioner,
  signal: AbortSignal,
): Promise<CaptionRun> {
  const start = performance.now();
  let fallback: string | undefined;
  if (place === "device") {
    try {
      const response = await device.caption(photo, settings, signal);
      // Its own total: loading the model, which happens once, is no part of what a caption takes.
      return { response, place, milliseconds: response.timings.total };
    } catch (thrown) {
      signal.throwIfAborted();
      const error = InklingError.from(thrown);
      // A photo that cannot be read here cannot be read there.
      if (error.code === "invalid_image" || error.code === "image_too_large") throw error;
      const reason = isAbortError(thrown) ? "loading the model was cancelled." : error.detail;
      fallback = `It did not run on this device: ${reason} The server answered instead.`;
    }
  }
  const response = await captionOnServer(photo, settings, signal);
  return { response, place: "server", milliseconds: performance.now() - start, fallback };
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
      const blob = await photo.read(signal);
      const run = await runCaptioning(blob, settings, place, device, signal);
      onRun(run);
      // The answer does not wait for it.
      void remember(photo, blob, settings, run).then(() => client.invalidateQueries({ queryKey: ["history"] }));
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

/** A history that cannot be written (private mode, full disk) costs the history only. */
async function remember(photo: Photo, blob: Blob, settings: CaptionSettings, run: CaptionRun): Promise<void> {
  try {
    const { addToHistory } = await import("./history-store");
    await addToHistory({
      id: crypto.randomUUID(),
      time: Date.now(),
      name: photo.name,
      sample: photo.sample,
      picture: await thumbnail(blob),
      width: photo.width,
      height: photo.height,
      settings,
      place: run.place,
      milliseconds: run.milliseconds ?? 0,
      response: run.response,
    });
  } catch (cause) {
    console.warn("This result could not be kept in the history.", cause);
  }
}
