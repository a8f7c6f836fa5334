"use client";

import { formatDuration } from "@/lib/ui/format";
import { NotKept } from "@/lib/ui/run/not-kept";
import type { DeviceState } from "@/lib/ui/run/use-device";
import type { LiveState } from "./live-session";

const RESTING = {
  heat: "It rests between captions, as this device has become slower, which heat does.",
  battery: "It rests between captions, as the battery is low.",
} as const;

/** How fast it is and where it runs; or why there is nothing to be fast with. */
export function LiveReport({
  state,
  device,
  waiting,
  paused,
}: {
  state: LiveState | undefined;
  device: DeviceState;
  /** Whether the first caption is on its way. */
  waiting: boolean;
  paused: boolean;
}) {
  const where = device.status === "ready" && (device.provider === "webgpu" ? "GPU (WebGPU)" : "CPU (WebAssembly)");
  return (
    <div className="mt-4 min-h-10 text-ink-soft text-note">
      {waiting && <p>Looking for the first time…</p>}
      {state && (
        <p className="numbers text-pretty">
          {paused ? (
            <span className="text-ink">Paused while this page is hidden</span>
          ) : state.still ? (
            <span className="text-ink">The picture stands still, so its caption stays</span>
          ) : (
            <span className="text-ink">
              {state.rate > 0 ? `${state.rate.toFixed(1)} captions a second` : "Captioning"}
            </span>
          )}
          {where && `, on this device’s ${where}`}; {formatDuration(state.timings.total)} each (reading the frame{" "}
          {formatDuration(state.timings.decode)}, seeing {formatDuration(state.timings.encode)}, writing{" "}
          {formatDuration(state.timings.generate)})
        </p>
      )}
      {state && device.status === "ready" && device.fallbackReason && <p>{device.fallbackReason}</p>}
      {device.status === "ready" && !device.kept && <NotKept />}
      {state?.resting && <p>{RESTING[state.resting]}</p>}
    </div>
  );
}
