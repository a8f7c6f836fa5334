"use client";

import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { LanguageResponse } from "@/app/api/language/schema";
import { InklingError, isAbortError } from "@/lib/inference/errors";
import { spell } from "@/lib/language/characters";
import type { ReadCharacter } from "@/lib/language/pipeline";
import { fetchOwn } from "@/lib/ui/run/fetch-api";
import type { Place } from "@/lib/ui/run/measured-times";
import { type Run, runAt } from "@/lib/ui/run/run";
import type { Device } from "@/lib/ui/run/use-device";
import { useReducedMotion } from "@/lib/ui/use-media-query";
import type { LoadedLanguage } from "./device-model";
import type { WritingSettings } from "./settings";
import { UNITS } from "./units";

export type LanguageRun = Run<LanguageResponse>;

/** Characters that are typed a second, so that one can read along. */
const TYPED_PER_SECOND = 45;

interface State {
  /** What the text on screen was asked with. */
  readonly settings: WritingSettings;
  /** What has come so far: at once from the server, chunk by chunk on the device. */
  readonly characters: readonly ReadCharacter[];
  /** How many of these the visitor gave. */
  readonly given: number;
  /** How many of these are on screen. */
  readonly shown: number;
  /** The whole answer, once it is here. */
  readonly run?: LanguageRun;
  readonly error?: InklingError;
  /** Whether the visitor ended it. */
  readonly stopped: boolean;
  /** Whether more is to come. */
  readonly running: boolean;
}

/** What the model writes, typed character by character. */
export function useContinuation(
  example: { readonly settings: WritingSettings; readonly run: LanguageRun },
  place: Place,
  device: Device<LoadedLanguage>,
  onRun: (run: LanguageRun) => void,
) {
  const { characters, given } = example.run.response;
  const [state, setState] = useState<State>({
    settings: example.settings,
    characters,
    given,
    shown: characters.length,
    run: example.run,
    stopped: false,
    running: false,
  });
  const controller = useRef<AbortController>(undefined);
  useEffect(() => () => controller.current?.abort(), []);

  const still = useReducedMotion();
  // Nothing is typed where motion is unwelcome: what has come is there.
  const shown = still ? state.characters.length : state.shown;
  const typing = shown < state.characters.length;
  const typeOn = useEffectEvent((count: number) => {
    setState((current) => ({ ...current, shown: Math.min(current.characters.length, current.shown + count) }));
  });
  useEffect(() => {
    if (!typing) return;
    let last = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const count = Math.floor(((now - last) / 1000) * TYPED_PER_SECOND);
      if (count > 0) {
        last = now;
        typeOn(count);
      }
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [typing]);

  const start = async (settings: WritingSettings) => {
    controller.current?.abort();
    controller.current = new AbortController();
    const { signal } = controller.current;
    const request = { ...settings, units: UNITS.map(({ unit }) => unit) };
    const update = (change: (current: State) => Partial<State>) => {
      if (!signal.aborted) setState((current) => ({ ...current, ...change(current) }));
    };
    setState((current) => ({
      ...current,
      // What is being typed ends here, whatever becomes of what is asked for now.
      characters: current.characters.slice(0, shown),
      shown,
      running: true,
      stopped: false,
      error: undefined,
    }));
    const given = Array.from(spell(settings.text)).length;
    let begun = false;
    const onPart = (part: readonly ReadCharacter[]) => {
      const isFirst = !begun;
      begun = true;
      update((current) => {
        const characters = isFirst ? part : [...current.characters, ...part];
        // The visitor's own text is there at once; only what is written is typed.
        const shown = Math.max(isFirst ? 0 : current.shown, Math.min(given, characters.length));
        return { settings, characters, given, shown, ...(isFirst && { run: undefined }) };
      });
    };
    try {
      const run = await runAt<LanguageResponse>(
        place,
        {
          device: async () => (await device.load()).write(request, signal, onPart),
          server: async () => {
            begun = false;
            const headers = { "content-type": "application/json" };
            const body = JSON.stringify(request);
            return (await fetchOwn("/api/language", { method: "POST", headers, body, signal })).json();
          },
        },
        { here: device.here, signal },
      );
      if (signal.aborted) return;
      onRun(run);
      const { characters } = run.response;
      const shown = (current: State) => (begun ? current.shown : given);
      update((current) => ({ settings, characters, given, run, running: false, shown: shown(current) }));
    } catch (thrown) {
      if (!signal.aborted && !isAbortError(thrown)) {
        // What has come stays, and nothing is typed under an error.
        update(({ characters }) => ({ shown: characters.length, running: false, error: InklingError.from(thrown) }));
      }
    }
  };

  const stop = () => {
    controller.current?.abort();
    setState((current) =>
      current.running || shown < current.characters.length
        ? { ...current, characters: current.characters.slice(0, shown), shown, running: false, stopped: true }
        : current,
    );
  };

  return { ...state, shown, typing, start: (settings: WritingSettings) => void start(settings), stop };
}
