/** What running models on this device downloads, and what it has downloaded before. */

export interface ModelDownload {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * SHA-256 of the version of each model that Cache Storage holds, by the model's name: known without opening that, and shared
 * by the pages, whose models share the encoder.
 */
export type Downloaded = Readonly<Record<string, string>>;

/** Reads what was stored; anything else counts as nothing downloaded. */
export function parseDownloaded(stored: string | null): Downloaded {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? "{}");
  } catch {
    value = {};
  }
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

export function addDownloads(downloaded: Downloaded, models: readonly ModelDownload[]): Downloaded {
  return { ...downloaded, ...Object.fromEntries(models.map(({ name, sha256 }) => [name, sha256])) };
}

/**
 * Bytes that are not here yet; 0 where everything is.
 *
 * @param runtimeBytes - of ONNX Runtime, which came with the first model; undefined where they are not known yet
 * @returns undefined where that depends on what is not known yet
 */
export function missingBytes(
  models: readonly ModelDownload[],
  downloaded: Downloaded,
  runtimeBytes: number | undefined,
): number | undefined {
  const bytes = models
    .filter(({ name, sha256 }) => downloaded[name] !== sha256)
    .reduce((sum, model) => sum + model.bytes, 0);
  if (bytes === 0 || Object.keys(downloaded).length > 0) return bytes;
  return runtimeBytes === undefined ? undefined : runtimeBytes + bytes;
}
