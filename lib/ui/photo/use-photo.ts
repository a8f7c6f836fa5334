"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { InklingError } from "@/lib/inference/errors";
import { fetchPhoto, type Photo, preparePhoto, releasePhoto } from "./photo";

/** The photo on screen, and the ways to put another there. The last one asked for wins. */
export function usePhoto(initial: Photo) {
  const [photo, setPhoto] = useState(initial);
  const [reading, setReading] = useState(false);
  const [error, setError] = useState<InklingError>();
  const controller = useRef<AbortController>(null);
  const current = useRef(initial);

  useEffect(
    () => () => {
      controller.current?.abort();
      releasePhoto(current.current);
    },
    [],
  );

  const show = useCallback((next: Photo) => {
    controller.current?.abort();
    if (current.current !== next) releasePhoto(current.current);
    current.current = next;
    setPhoto(next);
    setReading(false);
    setError(undefined);
  }, []);

  const take = useCallback(
    async (make: (signal: AbortSignal) => Promise<Photo>) => {
      controller.current?.abort();
      const own = new AbortController();
      controller.current = own;
      setReading(true);
      setError(undefined);
      try {
        const next = await make(own.signal);
        if (own.signal.aborted) releasePhoto(next);
        else show(next);
      } catch (thrown) {
        if (own.signal.aborted) return;
        setReading(false);
        setError(InklingError.from(thrown));
      }
    },
    [show],
  );

  return {
    photo,
    /** A photo has been asked for and is not here yet. */
    reading,
    /** Why the photo asked for last could not be taken. */
    error,
    show,
    takeFile: useCallback(
      (file: Blob | Promise<Blob>, name: string) => take(async () => preparePhoto(await file, name)),
      [take],
    ),
    takeAddress: useCallback((address: string) => take((signal) => fetchPhoto(address, signal)), [take]),
    cancel: useCallback(() => {
      controller.current?.abort();
      setReading(false);
    }, []),
  };
}
