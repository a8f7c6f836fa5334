"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { LoadProgress } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import type { Ready } from "@/lib/inference/worker-protocol";
import { useStoredState } from "../use-stored-state";
import { addDownloads, type ModelDownload, missingBytes, parseDownloaded } from "./downloads";

export type DeviceState =
  | { readonly status: "absent" }
  | { readonly status: "loading"; readonly progress: LoadProgress | undefined }
  /** `kept` says whether the next visit finds it here: the storage may be full. */
  | ({ readonly status: "ready"; readonly kept: boolean } & Ready)
  | { readonly status: "failed"; readonly error: InklingError };

/** A model that a worker of this page holds. */
export interface LoadedModel extends Ready {
  /** Ends the worker and gives its memory back. */
  terminate(): void;
}

export interface Device<Loaded extends LoadedModel = LoadedModel> {
  readonly state: DeviceState;
  /** Bytes to download, the runtime included; 0 where they are here already, undefined until that is known. */
  readonly missingBytes: number | undefined;
  /** Whether it can run without a download. */
  readonly here: boolean;
  /**
   * Loads the model where it is not loaded, from the network or, where it was downloaded before, from this device. `state`
   * follows it.
   *
   * @throws `InklingError`, or the reason of `cancelLoad`
   */
  load(): Promise<Loaded>;
  /** Stops a load that is under way. */
  cancelLoad(): void;
  /** Ends the worker, which may have failed already: the next load starts another. */
  unload(): void;
}

/** What browsers that tell their memory (in GiB) say of the smallest devices, whose tabs end rather than hold a model. */
const LOW_MEMORY = 1;

/**
 * A task's models on this device: nothing is downloaded before `load`, and the worker ends when the page is left.
 *
 * @param models - what the task needs
 * @param start - downloads what is not here yet and starts the worker; must not change between renders
 */
export function useDevice<Loaded extends LoadedModel>(
  models: readonly ModelDownload[],
  start: (signal: AbortSignal, onProgress: (progress: LoadProgress) => void) => Promise<Loaded>,
): Device<Loaded> {
  const [state, setState] = useState<DeviceState>({ status: "absent" });
  /** What was asked for last: questions that come while it loads wait for the same. */
  const loading = useRef<{ readonly promise: Promise<Loaded>; readonly controller: AbortController; done?: true }>(
    null,
  );
  const [downloaded, setDownloaded] = useStoredState("inkling.downloaded", parseDownloaded);
  const runtime = useQuery({
    queryKey: ["runtime"],
    queryFn: async () => {
      const { chooseRuntime, runtimeBytes } = await import("@/lib/inference/browser-runtime");
      return runtimeBytes((await chooseRuntime("auto")).name);
    },
  });

  const drop = useCallback(() => {
    const dropped = loading.current;
    loading.current = null;
    dropped?.controller.abort();
    dropped?.promise.then(
      (loaded) => loaded.terminate(),
      () => {
        // It never came to a worker.
      },
    );
  }, []);
  useEffect(() => drop, [drop]);

  const load = useCallback(() => {
    if (loading.current) return loading.current.promise;
    const controller = new AbortController();
    const { signal } = controller;
    async function run(): Promise<Loaded> {
      setState({ status: "loading", progress: undefined });
      try {
        assertMemory();
        const loaded = await start(signal, (progress) => {
          if (!signal.aborted) setState({ status: "loading", progress });
        });
        if (signal.aborted) loaded.terminate();
        signal.throwIfAborted();
        if (loading.current) loading.current.done = true;
        const kept = await areKept(models);
        if (kept) setDownloaded(JSON.stringify(addDownloads(downloaded, models)));
        setState({ status: "ready", kept, provider: loaded.provider, fallbackReason: loaded.fallbackReason });
        return loaded;
      } catch (thrown) {
        if (!signal.aborted) {
          loading.current = null;
          setState({ status: "failed", error: InklingError.from(thrown) });
        }
        throw thrown;
      }
    }
    const promise = run();
    loading.current = { promise, controller };
    return promise;
  }, [downloaded, models, setDownloaded, start]);

  const unload = useCallback(() => {
    drop();
    setState({ status: "absent" });
  }, [drop]);
  const cancelLoad = useCallback(() => {
    if (loading.current && !loading.current.done) unload();
  }, [unload]);

  const missing = missingBytes(models, downloaded, runtime.data);
  const here = state.status === "ready" || (missing === 0 && state.status !== "failed");
  return { state, missingBytes: missing, here, load, cancelLoad, unload };
}

/** Whether Cache Storage took all files. */
async function areKept(models: readonly ModelDownload[]): Promise<boolean> {
  const { ModelDownloads } = await import("@/lib/inference/model-downloads");
  const { totalBytes, cachedBytes } = await new ModelDownloads().size(models.map(({ name }) => name));
  return cachedBytes === totalBytes;
}

/** @throws `InklingError` with code `model_unavailable` */
function assertMemory(): void {
  const { deviceMemory = Number.POSITIVE_INFINITY } = navigator as { deviceMemory?: number };
  if (deviceMemory > LOW_MEMORY) return;
  throw new InklingError(
    "model_unavailable",
    "This device has too little memory for the model.",
    "Use the server, or another device.",
  );
}
