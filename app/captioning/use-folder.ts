"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { InklingError } from "@/lib/inference/errors";
import { looksLikePhoto, pathOf } from "@/lib/ui/photo/dropped-files";
import { preparePhoto, releasePhoto } from "@/lib/ui/photo/photo";
import type { Place } from "@/lib/ui/run/measured-times";
import type { FolderRow } from "./folder-export";
import type { CaptionSettings } from "./settings";
import { type DeviceCaptioner, runCaptioning } from "./use-captioning";

/** Photos under way at once: the server batches what arrives together, the device does one after the other. */
const CONCURRENCY: Readonly<Record<Place, number>> = { server: 4, device: 1 };

export interface FolderState {
  /** In the order of the folder; without captions or error while it waits. */
  readonly rows: readonly FolderRow[];
  readonly done: number;
  readonly running: boolean;
}

const EMPTY: FolderState = { rows: [], done: 0, running: false };

/** Captions many photos, one row each; a photo that fails keeps its reason and does not stop the others. */
export function useFolder(settings: CaptionSettings, place: Place, device: DeviceCaptioner) {
  const [state, setState] = useState(EMPTY);
  const controller = useRef<AbortController>(null);

  useEffect(() => () => controller.current?.abort(), []);

  const stop = useCallback(() => {
    controller.current?.abort();
    setState((current) => ({ ...current, running: false }));
  }, []);

  const clear = useCallback(() => {
    controller.current?.abort();
    setState(EMPTY);
  }, []);

  const start = useCallback(
    async (files: readonly File[]) => {
      const photos = files.filter(looksLikePhoto).sort((a, b) => pathOf(a).localeCompare(pathOf(b)));
      controller.current?.abort();
      const own = new AbortController();
      controller.current = own;
      setState({ rows: photos.map((file) => ({ file: pathOf(file) })), done: 0, running: photos.length > 0 });
      const { default: PQueue } = await import("p-queue");
      const queue = new PQueue({ concurrency: CONCURRENCY[place] });
      for (const [index, file] of photos.entries()) {
        void queue.add(async () => {
          if (own.signal.aborted) return;
          const result = await captionFile(file, settings, place, device, own.signal);
          if (own.signal.aborted) return;
          setState(({ rows, done, running }) => ({
            rows: rows.map((row, at) => (at === index ? { ...row, ...result } : row)),
            done: done + 1,
            running,
          }));
        });
      }
      await queue.onIdle();
      if (!own.signal.aborted) setState((current) => ({ ...current, running: false }));
    },
    [settings, place, device],
  );

  return { ...state, start, stop, clear };
}

async function captionFile(
  file: File,
  settings: CaptionSettings,
  place: Place,
  device: DeviceCaptioner,
  signal: AbortSignal,
): Promise<Partial<FolderRow>> {
  try {
    const photo = await preparePhoto(file, file.name);
    releasePhoto(photo);
    const run = await runCaptioning(await photo.read(signal), settings, place, device, signal);
    return {
      captions: run.response.captions.map(({ tokens, ...caption }) => ({
        ...caption,
        // Without the attention: a folder's worth of it is megabytes that nobody reads.
        tokens: tokens.map(({ text, logProbability }) => ({ text, logProbability })),
      })),
      ranOn: `${run.place}, ${run.response.provider}`,
      milliseconds: run.milliseconds,
    };
  } catch (thrown) {
    const { detail, suggestion } = InklingError.from(thrown);
    return { error: `${detail} ${suggestion}` };
  }
}
