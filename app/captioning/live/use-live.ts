"use client";

import { type RefObject, useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import type { Battery } from "@/lib/captioning/live/pace";
import type { Caption } from "@/lib/captioning/pipeline";
import { InklingError, isAbortError } from "@/lib/inference/errors";
import type { Device } from "@/lib/ui/run/use-device";
import type { KeptFrame, LiveModel } from "./device-live";
import { frameSource, onEachFrame } from "./frame-source";
import { createLiveSession, type LiveEntry, type LiveSession, type LiveState } from "./live-session";
import { useSource } from "./use-source";
import { useHidden, usePlaying, useWakeLock } from "./use-while-running";

/** A frame that was stopped at, or opened again, and what can be said of it. */
export interface Held {
  /** Absent while it is still being looked at: then the picture is the video's own. */
  readonly picture?: KeptFrame & { readonly url: string };
  readonly captions: readonly Caption[];
}

/** Milliseconds without a frame after which a camera counts as asleep. */
const ASLEEP = 6000;

/**
 * Captions of a live picture.
 *
 * @param isQuick - which of two models `device` is; when it changes, the walk goes on with the other
 * @param steady - whether captions are to stay until they could be read
 * @param onEntry - called with each caption that is shown
 */
export function useLive(
  video: RefObject<HTMLVideoElement | null>,
  device: Device<LiveModel>,
  {
    isQuick,
    steady,
    onEntry,
  }: { readonly isQuick: boolean; readonly steady: boolean; readonly onEntry: (entry: LiveEntry) => void },
) {
  const input = useSource(video);
  const { source } = input;
  const [model, setModel] = useState<LiveModel>();
  const [state, setState] = useState<LiveState>();
  const [held, setHeld] = useState<Held>();
  const [error, setError] = useState<InklingError>();
  const session = useRef<LiveSession>(undefined);
  const battery = useRef<Battery>(undefined);
  /** When the walk began: the source may change in between. */
  const began = useRef<number>(undefined);
  const hidden = useHidden();
  const running = source !== undefined && model !== undefined && held === undefined && !hidden;
  const playing = usePlaying(video);
  useWakeLock(running && playing);

  const time = () => {
    if (source?.kind === "file") return video.current?.currentTime ?? 0;
    began.current ??= performance.now();
    return (performance.now() - began.current) / 1000;
  };
  const readTime = useEffectEvent(time);
  const readSteady = useEffectEvent(() => steady);
  const addEntry = useEffectEvent(onEntry);
  const fail = (thrown: unknown) => {
    setError(InklingError.from(thrown));
    input.close();
    // The worker may have died: the next start has another.
    device.unload();
    setModel(undefined);
  };
  const onFailure = useEffectEvent(fail);

  useEffect(() => {
    const { current } = video;
    if (!source || !model || !current) return;
    const created = createLiveSession({
      source: frameSource(current, () => readTime()),
      model,
      onState: setState,
      onEntry: (entry) => addEntry(entry),
      onError: (thrown) => onFailure(thrown),
      steady: () => readSteady(),
      battery: () => battery.current,
    });
    session.current = created;
    return () => {
      session.current = undefined;
      created.stop();
      setState(undefined);
    };
  }, [video, source, model]);

  // It is a battery's own object, which keeps itself up to date.
  useEffect(() => {
    const { getBattery } = navigator as { getBattery?: () => Promise<Battery> };
    getBattery?.call(navigator).then(
      (current) => {
        battery.current = current;
      },
      () => {
        // Not to be known here.
      },
    );
  }, []);

  const onAsleep = useEffectEvent(() => {
    input.fail(
      new InklingError(
        "internal",
        "The camera sends no picture: this device may have been asleep.",
        "Start again. The walk so far is kept.",
      ),
    );
  });
  useEffect(() => {
    const { current } = video;
    if (!running || !current) return;
    session.current?.pause(false);
    void current.play().catch(() => {
      // It was paused again at once, or has come to its end.
    });
    let framedAt = performance.now();
    const end = onEachFrame(current, () => {
      framedAt = performance.now();
      session.current?.offer();
    });
    // Other sources may rightly stand still. Two looks in a row: after a sleep the first comes before the camera can.
    let missed = 0;
    const watch = setInterval(() => {
      missed = source.kind === "camera" && performance.now() - framedAt > ASLEEP ? missed + 1 : 0;
      if (missed > 1) onAsleep();
    }, 1000);
    return () => {
      end();
      clearInterval(watch);
      session.current?.pause(true);
      current.pause();
    };
  }, [video, running, source]);

  const { load, cancelLoad, unload } = device;
  /** Which start is the latest: what an overtaken one comes to is the other's affair, which waits for the same model. */
  const starts = useRef(0);
  const start = useCallback(
    async (open: () => Promise<boolean>) => {
      const own = ++starts.current;
      setError(undefined);
      setHeld(undefined);
      const opened = open();
      // The model comes while the visitor answers the browser's question.
      const loaded = load().then(setModel, (thrown) => {
        if (own !== starts.current) return;
        if (!isAbortError(thrown)) setError(InklingError.from(thrown));
        input.close();
      });
      if (!(await opened) && own === starts.current) cancelLoad();
      await loaded;
    },
    [load, cancelLoad, input.close],
  );

  const isWanted = source !== undefined || input.opening;
  const goOnWithOther = useEffectEvent(() => {
    if (!isWanted) return;
    // The start that waits for the first model is overtaken.
    starts.current += 1;
    load().then(setModel, (thrown) => {
      if (!isAbortError(thrown)) fail(thrown);
    });
  });
  const loadedQuick = useRef(isQuick);
  useEffect(() => {
    if (loadedQuick.current === isQuick) return;
    loadedQuick.current = isQuick;
    // What is under way ends with the worker, which is no failure.
    session.current?.stop();
    session.current = undefined;
    unload();
    setModel(undefined);
    goOnWithOther();
  }, [isQuick, unload]);

  const show = useCallback((next: Held | undefined) => {
    setHeld((previous) => {
      if (previous?.picture && previous.picture !== next?.picture) URL.revokeObjectURL(previous.picture.url);
      return next;
    });
  }, []);

  const hold = async () => {
    const current = session.current;
    if (!current || !state) return;
    const first: Held = { captions: [state.caption] };
    video.current?.pause();
    show(first);
    try {
      const seen = await current.look();
      if (!seen) return show(undefined);
      const { picture, captions } = seen;
      // The caption that was held stays where the frame has it among its own.
      const shown = captions.filter(({ text }) => text === state.caption.text);
      const others = captions.filter(({ text }) => text !== state.caption.text);
      const next: Held = {
        picture: { ...picture, url: URL.createObjectURL(picture.blob) },
        captions: [...shown, ...others],
      };
      // The visitor may have gone on meanwhile.
      setHeld((now) => (now === first ? next : now));
    } catch (thrown) {
      show(undefined);
      if (session.current === current) fail(thrown);
    }
  };
  useEffect(() => () => show(undefined), [show]);

  return {
    input,
    /** Undefined until the first caption. */
    state,
    held,
    /** Why it does not go on. */
    error: input.error ?? error,
    running,
    hidden,
    start,
    hold,
    resume: () => show(undefined),
    /** Shows an earlier frame again. */
    open: (picture: KeptFrame, caption: Caption) =>
      show({ picture: { ...picture, url: URL.createObjectURL(picture.blob) }, captions: [caption] }),
    stop: () => {
      cancelLoad();
      input.close();
      show(undefined);
    },
    /** Seconds, as the walk counts them. */
    time,
  };
}
