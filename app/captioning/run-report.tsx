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
  if (run.milliseconds === undefined) {
    return (
      <p className="mt-4 text-ink-soft text-note">
        An example that the same model made in advance. Choose a photo of your own, or another sample, to see it work.
      </p>
    );
  }
  return (
    <div className="mt-4 text-ink-soft text-note">
      {run.fallback && <p>{run.fallback}</p>}
      <p className="numbers">
        <span className="text-ink">{where}</span>: {formatDuration(timings.total)}
        {parts.length > 0 && <> ({parts.map(({ label, time }) => `${label} ${formatDuration(time)}`).join(", ")})</>}
        {run.place === "server" && <>; with the way there and back {formatDuration(run.milliseconds)}</>}
      </p>
    </div>
  );
}
