import type { Metadata } from "next";
import type { ReactNode } from "react";
import type { Provider } from "@/lib/inference/engine";
import { readStatus, type ServerStatus, type TaskStatus } from "@/lib/server/status";
import { formatBytes, formatDuration } from "@/lib/ui/format";
import { formatUptime } from "./format-uptime";
import { Refresh } from "./refresh";

export const metadata: Metadata = {
  title: "Status",
  description: "How this server is: where the models run, what it has answered, and how fast.",
};

export const dynamic = "force-dynamic";

const TITLES: Readonly<Record<TaskStatus["task"], string>> = {
  captioning: "Captioning",
  vqa: "Questions",
  handwriting: "Handwriting",
  stories: "Stories",
  language: "Language",
  translation: "Translation",
};

const PLACES: Readonly<Record<Provider, string>> = {
  cpu: "the CPU",
  cuda: "the GPU (CUDA)",
  webgpu: "the GPU (WebGPU)",
  wasm: "the CPU (WebAssembly)",
  remote: "another server",
};

export default async function StatusPage() {
  const status = await readStatus();
  const { ready, startedAt, workers, atTheDoor, waiting, memoryBytes, cache, lagMs } = status;
  const now = new Date();
  const lookups = cache.hits + cache.misses;
  return (
    <div className="mx-auto max-w-3xl">
      <h1 className="mt-4 text-title">Status</h1>
      {"provider" in ready ? (
        <p className="mt-4 font-serif text-2xl">This server is ready. Its models run on {PLACES[ready.provider]}.</p>
      ) : (
        <p className="mt-4 font-serif text-2xl">
          This server is not ready. {ready.detail} {ready.suggestion}
        </p>
      )}
      {"provider" in ready && ready.fallbackReason && <p className="mt-2 text-ink-soft">{ready.fallbackReason}</p>}
      <p className="numbers mt-2 text-ink-soft text-note">
        As of <time dateTime={now.toISOString()}>{now.toISOString().slice(11, 19)} UTC</time>, up for{" "}
        {formatUptime(now.getTime() - startedAt.getTime())}.
      </p>
      <Refresh />
      <Requests tasks={status.tasks} />
      <dl className="numbers mt-12 grid grid-cols-2 gap-x-6 gap-y-5 border-hairline border-t pt-6 sm:grid-cols-3">
        <Fact name="Workers ready">{workers.ready}</Fact>
        <Fact name="Workers running">{workers.running}</Fact>
        <Fact name="Workers restarted">{workers.restarts}</Fact>
        <Fact name="Waiting to be let in">{atTheDoor}</Fact>
        <Fact name="Waiting for a batch">{waiting}</Fact>
        <Fact name="Photos kept">{formatBytes(cache.bytes)}</Fact>
        <Fact name="Photos found again">
          {lookups === 0 ? "none yet" : `${Math.round((100 * cache.hits) / lookups)} %`}
        </Fact>
        <Fact name="Memory">{formatBytes(memoryBytes)}</Fact>
        <Fact name="Event loop late by (p99)">{formatDuration(lagMs)}</Fact>
      </dl>
      <p className="mt-10 text-ink-soft text-note">
        Everything is counted since the server started. Prometheus reads the same numbers, and more, from{" "}
        <a href="/api/metrics" className="underlined">
          /api/metrics
        </a>
        .
      </p>
    </div>
  );
}

function Requests({ tasks }: Pick<ServerStatus, "tasks">) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard too
    <section tabIndex={0} aria-label="Requests" className="mt-8 overflow-x-auto">
      <table className="numbers w-full text-sm">
        <thead>
          <tr className="text-ink-soft text-note">
            <th scope="col" className="py-1.5 pr-3 text-left font-normal">
              Requests
            </th>
            {["Answered", "Refused", "Failed", "Median"].map((column) => (
              <th key={column} scope="col" className="px-2 py-1.5 text-right font-normal last:pr-0">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tasks.map(({ task, answered, refused, failed, medianMs }) => (
            <tr key={task} className="border-hairline border-t align-baseline">
              <th scope="row" className="py-1.5 pr-3 text-left font-normal">
                {TITLES[task]}
              </th>
              <td className="px-2 py-1.5 text-right">{answered}</td>
              <td className="px-2 py-1.5 text-right">{refused}</td>
              <td className="px-2 py-1.5 text-right">{failed}</td>
              <td className="py-1.5 pl-2 text-right">{medianMs === undefined ? "–" : formatDuration(medianMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-ink-soft text-note">{name}</dt>
      <dd className="font-serif text-xl">{children}</dd>
    </div>
  );
}
