/** `models/manifest.json`: every file of every model with its bytes, SHA-256 and shapes. */

import { InklingError } from "./errors";
import { z } from "./validation";

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits");

const valueSchema = z.object({
  name: z.string().min(1),
  type: z.enum(["float32", "int32", "int64", "uint8", "bool"]),
  /** A name stands for a dimension known only when running, e.g. `batch`. */
  shape: z.array(z.union([z.int().positive(), z.string().min(1)])),
});

/** Relative to `models/`, with forward slashes; without `.` or `..`, so that it cannot lead out of that folder. */
const pathSchema = z.string().regex(/^[\w-]+(\.[\w-]+)*(\/[\w-]+(\.[\w-]+)*)*$/, "must be a plain relative path");

const fileSchema = z.object({
  path: pathSchema,
  bytes: z.int().nonnegative(),
  sha256: sha256Schema,
  inputs: z.array(valueSchema).optional(),
  outputs: z.array(valueSchema).optional(),
  /**
   * The graph that GPUs run in place of this one, which computes in integers: the same in fp32. It lies in the same folder,
   * and reads its weights from this file.
   */
  gpu: pathSchema.optional(),
  /** Outputs that only other graphs read: they stay on the GPU where there is one. */
  keep: z.array(z.string().min(1)).optional(),
});

const modelSchema = z.object({
  description: z.string(),
  /** SHA-256 over the concatenation of the files' SHA-256 (hexadecimal), in their order. */
  sha256: sha256Schema,
  commit: z.string(),
  command: z.string(),
  files: z.array(fileSchema).min(1),
});

export const manifestSchema = z.object({
  format: z.literal(1),
  models: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), modelSchema),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestModel = z.infer<typeof modelSchema>;
export type ManifestFile = z.infer<typeof fileSchema>;

/**
 * Parses the text of `models/manifest.json`.
 *
 * @throws `InklingError` with code `model_unavailable`, naming the first thing that is wrong
 */
export function parseManifest(text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalidManifest("it is not JSON", cause);
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalidManifest(issue ? `${issue.path.join(".")}: ${issue.message}` : "it has another format", parsed.error);
}

function invalidManifest(reason: string, cause: unknown): InklingError {
  return new InklingError(
    "model_unavailable",
    `The list of models cannot be read: ${reason}.`,
    "Restore models/manifest.json from the repository.",
    { cause },
  );
}

/**
 * The entry of one model.
 *
 * @throws `InklingError` with code `unknown_model`
 */
export function findModel(manifest: Manifest, name: string): ManifestModel {
  // Own properties only: a model asked for as "constructor" is as unknown as any other.
  if (Object.hasOwn(manifest.models, name)) return manifest.models[name] as ManifestModel;
  const known = Object.keys(manifest.models).join(", ");
  throw new InklingError("unknown_model", `There is no model "${name}".`, `Use one of: ${known}.`);
}

/**
 * The entry of one file, by its path in the manifest.
 *
 * @throws `InklingError` with code `unknown_model`
 */
export function findFile(manifest: Manifest, path: string): ManifestFile {
  for (const model of Object.values(manifest.models)) {
    const file = model.files.find((candidate) => candidate.path === path);
    if (file) return file;
  }
  throw new InklingError("unknown_model", `No model has the file "${path}".`, "GET /api/models lists the files.");
}

/** The files of a model that are loaded wherever it runs: all but the graphs that stand in for others on GPUs. */
export function commonFiles({ files }: ManifestModel): ManifestFile[] {
  const forGpus = new Set(files.map(({ gpu }) => gpu));
  return files.filter(({ path }) => !forGpus.has(path));
}

/** Compares bytes with their entry in the manifest; `sha256` is theirs, in lower-case hexadecimal. */
export function assertUnaltered(file: ManifestFile, sha256: string): void {
  if (sha256 === file.sha256) return;
  throw new InklingError(
    "model_unavailable",
    `The model file ${file.path} is not the one that the manifest names: its SHA-256 differs.`,
    `Restore models/${file.path} from the repository.`,
  );
}
