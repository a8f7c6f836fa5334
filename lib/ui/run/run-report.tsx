import type { Provider } from "@/lib/inference/engine";
import { formatDuration } from "../format";
import type { Run } from "./run";

const PROVIDERS: Readonly<Record<Provider, string>> = {
  cpu: "CPU",
  cuda: "GPU (CUDA)",
  webgpu: "GPU (WebGPU)",
  wasm: "CPU (WebAssembly)",
  remote: "another server",
};

/** Milliseconds that are written as more than "0.0 ms". */
const SHORTEST = 0.05;

interface Timed {
  readonly provider: Provider;
  /** Milliseconds. */
  readonly timings: Readonly<Record<string, number>> & { readonly total: number };
}

/**
 * Where an answer ran, and how long each part of it took.
 *
 * @param parts - timings by their names, in the order in which they pass, and what each is called; those too
 * short to be written are left out: there was nothing to do
 * @param children - what to say of an answer that was made in advance
 */
export function RunReport({
  run,
  parts,
  children,
}: {
  run: Run<Timed>;
  parts: readonly (readonly [timing: string, label: string])[];
  children: React.ReactNode;
}) {
  const { provider, timings } = run.response;
  if (run.milliseconds === undefined) return <p className="mt-4 text-ink-soft text-note">{children}</p>;
  const where = `${run.place === "server" ? "On the server" : "On this device"}, ${PROVIDERS[provider]}`;
  const taken = parts.flatMap(([timing, label]) => {
    const time = timings[timing] ?? 0;
    return time < SHORTEST ? [] : [`${label} ${formatDuration(time)}`];
  });
  return (
    <div className="mt-4 text-ink-soft text-note">
      {run.fallback && <p>{run.fallback}</p>}
      <p className="numbers text-pretty">
        <span className="text-ink">{where}</span>: {formatDuration(timings.total)}
        {taken.length > 0 && <> ({taken.join(", ")})</>}
        {run.place === "server" && <>; with the way there and back {formatDuration(run.milliseconds)}</>}
      </p>
    </div>
  );
}
