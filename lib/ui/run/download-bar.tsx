"use client";

import { Button } from "../button";
import { formatBytes } from "../format";
import { ProgressBar } from "../progress-bar";
import type { Device } from "./use-device";

/** How far the model is on its way here, over all its files, and the way to stop it. */
export function DownloadBar({ device: { state, cancelLoad } }: { device: Device }) {
  if (state.status !== "loading") return null;
  const { loadedBytes = 0, totalBytes = 1 } = state.progress ?? {};
  const done = state.progress && loadedBytes === totalBytes;
  return (
    <div className="text-ink">
      <ProgressBar
        label={done ? "Getting ready" : "Downloading"}
        value={loadedBytes}
        max={totalBytes}
        text={state.progress ? `${(loadedBytes / 1e6).toFixed(1)} of ${formatBytes(totalBytes)}` : "…"}
      />
      <div className="mt-1 flex items-baseline gap-4">
        <p className="mr-auto text-ink-soft">It stays on this device for the next time.</p>
        <Button look="text" className="text-note" onClick={cancelLoad}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
