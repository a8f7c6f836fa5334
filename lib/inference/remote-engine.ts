/** Runs graphs on another server, which speaks the Open Inference Protocol v2. */
import type { AnyTensor, Engine, LoadOptions, Session, Tensors } from "./engine";
import { InklingError } from "./errors";
import { findFile, type ManifestFile } from "./manifest";
import { readManifest, readVerified } from "./models-directory";
import type { OipClient, OipMetadataTensor } from "./oip/client";
import { DATATYPES } from "./oip/messages";
import { PromiseCache } from "./promise-cache";

export interface RemoteEngineOptions {
  readonly client: OipClient;
  /** The folder that holds `manifest.json` and the files that are read as text. */
  readonly modelsDirectory: string;
  /** The server's name for a graph, by its path in the manifest. */
  readonly nameOf: (path: string) => string;
}

/**
 * An engine whose sessions call another server. `run` does not block: it needs no worker.
 *
 * @example
 * const engine = createRemoteEngine({ client, modelsDirectory: "models", nameOf: oipName });
 * const encoder = await engine.load("vision/encoder.onnx"); // throws where the server has another model of that name
 * encoder.provider; // "remote"
 */
export function createRemoteEngine({ client, modelsDirectory, nameOf }: RemoteEngineOptions): Engine {
  const sessions = new PromiseCache<Session>();

  async function connect(path: string, signal: AbortSignal): Promise<Session> {
    const file = findFile(await readManifest(modelsDirectory), path);
    const name = nameOf(path);
    const described = await client.describe(name, signal);
    if (!agree(file.inputs, described.inputs) || !agree(file.outputs, described.outputs)) {
      throw new InklingError(
        "model_unavailable",
        `The model server's ${name} has other inputs or outputs than the manifest names.`,
        "Let it serve the models of this version.",
      );
    }
    const outputs = described.outputs.map((output) => output.name);
    return {
      provider: "remote",
      async run(inputs: Tensors, runSignal): Promise<Tensors> {
        const answered = await client.infer(name, inputs, undefined, runSignal);
        if (outputs.every((output) => output in answered)) return answered as Tensors;
        throw new InklingError("model_unavailable", `The model server's ${name} leaves out an output.`, "Restart it.");
      },
      async dispose() {},
    };
  }

  return {
    provider: "remote",
    fallbackReason: undefined,
    load: <Output extends AnyTensor>(path: string, { signal }: LoadOptions = {}) =>
      sessions.get(path, (shared) => connect(path, shared), signal) as Promise<Session<AnyTensor>> as Promise<
        Session<Output>
      >,
    readText: async (path) => (await readVerified(modelsDirectory, path)).toString("utf8"),
    // The server has loaded them before it says that it is ready.
    async prepare() {},
    async dispose() {
      sessions.clear();
    },
  };
}

/** Whether the server's tensors are those of the manifest; named dimensions may be anything. */
function agree(ours: ManifestFile["inputs"], theirs: readonly OipMetadataTensor[]): boolean {
  return (ours ?? []).every(({ name, type, shape }) => {
    const other = theirs.find((tensor) => tensor.name === name);
    return (
      other?.datatype === DATATYPES[type] &&
      other.shape.length === shape.length &&
      shape.every((size, axis) => typeof size === "string" || size === other.shape[axis])
    );
  });
}
