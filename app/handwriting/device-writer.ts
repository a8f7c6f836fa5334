/** Handwriting in this browser, answering as the API does. Loaded when it is first asked for. */
import { startDeviceWorker } from "@/lib/browser/device-worker";
import { parseStyles } from "@/lib/handwriting/styles";
import type { LoadProgress } from "@/lib/inference/engine";
import { InklingError } from "@/lib/inference/errors";
import { findModel } from "@/lib/inference/manifest";
import { ModelDownloads } from "@/lib/inference/model-downloads";
import type { WritingPart } from "@/lib/tasks";
import { InkTrace } from "./trace";
import { keepTrace } from "./trace-store";
import type { LoadedWriter, Write } from "./writer";

const TASKS = ["handwriting.write", "handwriting.prepare"] as const;

/**
 * Downloads what is not on the device yet, and starts the worker.
 *
 * @throws `InklingError`, or the signal's reason
 */
export async function loadDeviceWriter(
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LoadedWriter> {
  const { client, terminate } = startDeviceWorker();
  try {
    const downloads = new ModelDownloads();
    const [ready, manifest] = await Promise.all([client.load(TASKS, { signal, onProgress }), downloads.manifest()]);
    const { sha256, files } = findModel(manifest, "handwriting");
    const model = { name: "handwriting", sha256 };
    const listed = files.find(({ path }) => path === "handwriting/styles.json");
    // The worker has just downloaded it.
    const styles = listed && parseStyles(new TextDecoder().decode(await downloads.read(listed, { signal })));
    const first = styles?.styles[0]?.id;
    if (first === undefined) {
      throw new InklingError("model_unavailable", "The model came without hands.", "Run it on the server instead.");
    }

    const write: Write = async ({ text = "", dream, style, prime, ...options }, signal, onEvent) => {
      const start = performance.now();
      const prepared = prime && (await client.run("handwriting.prepare", prime, { signal }));
      const read = performance.now();
      const trace = new InkTrace();
      const onPartial = (part: unknown) => {
        const said = part as WritingPart;
        if (said.type === "trace") trace.add(said);
        else onEvent(said);
      };
      const hand = style === undefined ? (dream === undefined ? first : null) : style;
      const payload = { text, options: { ...options, dream, style: hand, prime: prepared }, traced: true };
      const writing = await client.run("handwriting.write", payload, { signal, onPartial });
      const end = performance.now();
      const timings = { queue: 0, read: read - start, write: end - read, total: end - start };
      const response = { ...writing, model, provider: ready.provider, timings };
      keepTrace(response, trace);
      return response;
    };

    return { ...ready, write, terminate };
  } catch (thrown) {
    terminate();
    throw thrown;
  }
}
