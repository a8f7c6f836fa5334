import { formatDuration } from "@/lib/ui/format";
import type { CaptionRun } from "./use-captioning";

const PROVIDERS: Readonly<Record<string, string>> = {
  cpu: "CPU",
  cuda: "GPU (CUDA)",
  webgpu: "GPU (WebGPU)",
  wasm: "CPU (WebAssembly)",
  remote: "another server",
};

const PARTS = [
  ["queue", "waiting"],
  ["decode", "decoding the photo"],
  ["encode", "seeing"],
  ["generate", "writing"],
] as const;

/** Where an answer ran, and how long each part of it took. */
export function RunReport({ run }: { run: CaptionRun }) {
  const { provider, timings } = run.response;
  const where = `${run.place === "server" ? "On the server" : "On this device"}, ${PROVIDERS[provider] ?? provider}`;
  const parts = PARTS.flatMap(([key, label]) => {
    const time = timings[key];
    // Nothing to decode and to see: the photo was kept from before.
    return time === 0 ? [] : [{ label, time }];
  });
  return (
    <div className="mt-4 text-ink-soft text-note">
      {run.milliseconds === undefined && (
        <p>An example made in advance by the same model. Choose a photo of your own, or any below, to see it work.</p>
      )}
      {run.fallback && <p>{run.fallback}</p>}
      <p className="numbers">
        <span className="text-ink">{where}</span>: {formatDuration(timings.total)}
        {parts.length > 0 && <> ({parts.map(({ label, time }) => `${label} ${formatDuration(time)}`).join(", ")})</>}
        {run.place === "server" && run.milliseconds !== undefined && (
          <>; with the way there and back {formatDuration(run.milliseconds)}</>
        )}
      </p>
    </div>
  );
}
