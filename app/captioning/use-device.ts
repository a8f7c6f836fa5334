"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { CaptioningResponse } from "@/app/api/captioning/schema";
import type { LoadProgress } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import type { Ready } from "@/lib/inference/worker-protocol";
import { useStoredState } from "@/lib/ui/use-stored-state";
import type { LoadedCaptioner } from "./device-captioner";
import type { CaptionSettings } from "./settings";

export type DeviceState =
  | { readonly status: "absent" }
  | { readonly status: "loading"; readonly progress: LoadProgress | undefined }
  | ({ readonly status: "ready" } & Ready)
  | { readonly status: "failed"; readonly error: InklingError };

/** The models that captioning needs here. */
export interface ModelDownload {
  readonly bytes: number;
  /** Changes when any of their files does. */
  readonly version: string;
}

export interface DeviceCaptioner {
  readonly state: DeviceState;
  /** Bytes to download, the runtime included; 0 where they are here already, undefined until that is known. */
  readonly missingBytes: number | undefined;
  /**
   * Loads the model, from the network or, where it was downloaded before, from this device. `state` follows it.
   *
   * @throws `InklingError`, or the reason of `cancelLoad`
   */
  load(): Promise<unknown>;
  /** Stops a load that is under way. */
  cancelLoad(): void;
  /**
   * Captions a photo, and loads the model first where it is not loaded.
   *
   * @throws `InklingError`, or the signal's reason
   */
  caption(photo: Blob, settings: CaptionSettings, signal: AbortSignal): Promise<CaptioningResponse>;
}

/** What browsers that tell their memory (in GiB) say of the smallest devices, whose tabs end rather than hold a model. */
const LOW_MEMORY = 1;

const keep = (stored: string | null) => stored;

/** The model on this device: nothing is downloaded before `load`, and its worker ends when the page is left. */
export function useDevice({ bytes, version }: ModelDownload): DeviceCaptioner {
  const [state, setState] = useState<DeviceState>({ status: "absent" });
  const captioner = useRef<LoadedCaptioner>(null);
  const controller = useRef<AbortController>(null);
  // Cache Storage holds the files themselves; this says which version it holds without opening it.
  const [downloaded, setDownloaded] = useStoredState("inkling.captioning.downloaded", keep);
  const runtime = useQuery({
    queryKey: ["runtime"],
    queryFn: async () => {
      const { chooseRuntime, runtimeBytes } = await import("@/lib/inference/browser-runtime");
      return runtimeBytes((await chooseRuntime("auto")).name);
    },
  });

  useEffect(
    () => () => {
      controller.current?.abort();
      captioner.current?.terminate();
      captioner.current = null;
    },
    [],
  );

  const load = useCallback(async () => {
    if (captioner.current) return captioner.current;
    controller.current?.abort();
    const own = new AbortController();
    controller.current = own;
    setState({ status: "loading", progress: undefined });
    try {
      if (((navigator as { deviceMemory?: number }).deviceMemory ?? Number.POSITIVE_INFINITY) <= LOW_MEMORY) {
        throw new InklingError(
          "model_unavailable",
          "This device has too little memory for the model.",
          "Use the server, or another device.",
        );
      }
      const { loadDeviceCaptioner } = await import("./device-captioner");
      const loaded = await loadDeviceCaptioner(own.signal, (progress) => {
        if (!own.signal.aborted) setState({ status: "loading", progress });
      });
      if (own.signal.aborted) loaded.terminate();
      own.signal.throwIfAborted();
      captioner.current = loaded;
      setDownloaded(version);
      setState({ status: "ready", provider: loaded.provider, fallbackReason: loaded.fallbackReason });
      return loaded;
    } catch (thrown) {
      if (!own.signal.aborted) setState({ status: "failed", error: InklingError.from(thrown) });
      throw thrown;
    }
  }, [setDownloaded, version]);

  const cancelLoad = useCallback(() => {
    controller.current?.abort();
    setState((current) => (current.status === "loading" ? { status: "absent" } : current));
  }, []);

  const caption = useCallback(
    async (photo: Blob, settings: CaptionSettings, signal: AbortSignal) => {
      const loaded = captioner.current ?? (await load());
      return loaded.caption(photo, settings, signal);
    },
    [load],
  );

  const missingBytes = downloaded === version ? 0 : runtime.data && runtime.data + bytes;
  return { state, missingBytes, load, cancelLoad, caption };
}
