"use client";

import dynamic from "next/dynamic";
import { Button } from "../button";
import { formatBytes, formatDuration } from "../format";
import { RUN_ON, type RunOn, typicalTime } from "./measured-times";
import { NotKept } from "./not-kept";
import type { Device } from "./use-device";
import type { usePlace } from "./use-place";

// Loaded with what it shows the loading of.
const DownloadBar = dynamic(() => import("./download-bar").then((module) => module.DownloadBar), { ssr: false });

const LABELS: Readonly<Record<RunOn, string>> = {
  auto: "Whichever is faster",
  server: "Server",
  device: "This device",
};

/** Where it runs, what was measured, and what running here would download. */
export function RunControl({
  device,
  place: { choice, place, online, measured, choose },
}: {
  device: Device;
  place: ReturnType<typeof usePlace>;
}) {
  const { state } = device;
  const runHere = () =>
    device.load().then(
      () => choose("device"),
      () => {
        // Cancelled, or failed: `device.state` says which.
      },
    );
  const times: Record<RunOn, number | undefined> = {
    auto: undefined,
    server: typicalTime(measured, "server"),
    device: typicalTime(measured, "device"),
  };
  return (
    <fieldset>
      <legend className="font-serif text-xl">Where it runs</legend>
      <p className="text-ink-soft text-note">
        The server answers without a download. On this device nothing leaves it, and it also works without a network.
      </p>
      <div className="mt-2">
        {RUN_ON.map((each) => (
          <label key={each} className="flex cursor-pointer items-baseline gap-2.5 py-1 text-sm">
            <input
              type="radio"
              name="runOn"
              value={each}
              checked={choice === each}
              onChange={() => choose(each)}
              className="size-3.5 translate-y-px accent-ink"
            />
            {LABELS[each]}
            {each === "auto" && choice === "auto" && (
              <span className="ml-auto text-ink-soft text-note">
                now {place === "server" ? "the server" : "this device"}
              </span>
            )}
            {times[each] !== undefined && (
              <span className="numbers ml-auto text-ink-soft text-note">{formatDuration(times[each])}</span>
            )}
          </label>
        ))}
      </div>
      <p role="status" className="mt-2 text-sm empty:hidden">
        {!online &&
          (device.here
            ? "There is no network: this device answers."
            : "There is no network, and the model is not on this device.")}
      </p>
      <div className="mt-3 text-ink-soft text-note">
        {state.status === "loading" ? (
          <DownloadBar device={device} />
        ) : (
          <>
            {state.status === "ready" && (
              <p>
                The model is loaded here
                {state.provider === "webgpu" ? " and runs on the GPU (WebGPU)" : " and runs in WebAssembly"}.
                {state.fallbackReason && ` ${state.fallbackReason}`}
              </p>
            )}
            {state.status === "ready" && !state.kept && <NotKept />}
            {state.status === "failed" && (
              <p role="alert">
                {state.error.detail} The server answers instead. {state.error.suggestion}
              </p>
            )}
            {place === "server" && (
              <Button className="mt-2 w-full text-ink" onClick={runHere}>
                Run on this device{state.status !== "ready" && <DownloadNote device={device} />}
              </Button>
            )}
          </>
        )}
      </div>
    </fieldset>
  );
}

function DownloadNote({ device: { missingBytes } }: { device: Device }) {
  if (missingBytes === undefined) return null;
  return <span className="numbers">({missingBytes > 0 ? formatBytes(missingBytes) : "already downloaded"})</span>;
}
