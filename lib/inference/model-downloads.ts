/** Fetches model files in a browser: with progress, checked by SHA-256, and kept in Cache Storage by their hash. */
import { MODEL_FILES_URL, MODELS_CACHE } from "./cache-names";
import type { LoadOptions } from "./engine";
import { InklingError } from "./errors";
import { assertUnaltered, commonFiles, findModel, type Manifest, type ManifestFile, parseManifest } from "./manifest";

/** What running models here would download. */
export interface DownloadSize {
  readonly totalBytes: number;
  /** Of these, what this device has already. */
  readonly cachedBytes: number;
}

export class ModelDownloads {
  readonly #baseUrl: string;
  #manifest: Promise<Manifest> | undefined;

  /** @param baseUrl - where the models' folder is served, with a slash at its end */
  constructor(baseUrl = MODEL_FILES_URL) {
    this.#baseUrl = baseUrl;
  }

  /**
   * The manifest, fetched once; where there is no network, the one that was fetched last.
   *
   * @throws `InklingError` with code `model_unavailable` when it cannot be fetched or read
   */
  manifest(): Promise<Manifest> {
    this.#manifest ??= this.#fetchManifest().catch((thrown) => {
      this.#manifest = undefined;
      throw thrown;
    });
    return this.#manifest;
  }

  /**
   * How many bytes the models have, and how many of them are on this device.
   *
   * @param models - names as the manifest has them
   * @throws `InklingError` as `manifest` does, or with code `unknown_model`
   */
  async size(models: readonly string[]): Promise<DownloadSize> {
    const manifest = await this.manifest();
    const files = models.flatMap((name) => commonFiles(findModel(manifest, name)));
    const cache = await openCache();
    const cached = await Promise.all(
      files.map(async (file) => ((await cache?.match(this.#urlOf(file))) ? file.bytes : 0)),
    );
    const sum = (bytes: readonly number[]) => bytes.reduce((total, each) => total + each, 0);
    return { totalBytes: sum(files.map(({ bytes }) => bytes)), cachedBytes: sum(cached) };
  }

  /**
   * One file's bytes, from Cache Storage where they are there unaltered, else from the server.
   *
   * @param onProgress - called with this file's bytes so far
   * @throws `InklingError` with code `model_unavailable`, or the signal's reason
   */
  async read(file: ManifestFile, { signal, onProgress }: LoadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    const url = this.#urlOf(file);
    const cache = await openCache();
    const cached = await cache?.match(url);
    if (cached) {
      const content = new Uint8Array(await cached.arrayBuffer());
      signal?.throwIfAborted();
      if ((await sha256(content)) === file.sha256) {
        onProgress?.({ loadedBytes: file.bytes, totalBytes: file.bytes });
        return content;
      }
      await cache?.delete(url);
    }
    // Not kept in the HTTP cache as well: Cache Storage holds it.
    const response = await fetchOk(url, file.path, { signal, cache: "no-store" });
    const content = await readBody(response, file, { signal, onProgress });
    assertUnaltered(file, await sha256(content));
    if (cache) await this.#keep(cache, file, content);
    return content;
  }

  async #fetchManifest(): Promise<Manifest> {
    const url = `${this.#baseUrl}manifest.json`;
    const cache = await openCache();
    let text: string;
    try {
      text = await (await fetchOk(url, "manifest.json", { cache: "no-cache" })).text();
    } catch (thrown) {
      const kept = await cache?.match(url);
      if (!kept) throw thrown;
      return parseManifest(await kept.text());
    }
    const manifest = parseManifest(text);
    await cache?.put(url, new Response(text)).catch(() => {
      // A full or forbidden storage: without a network it will not be here.
    });
    return manifest;
  }

  #urlOf({ path, sha256 }: ManifestFile): string {
    return `${this.#baseUrl}${path}?sha256=${sha256}`;
  }

  /** Keeps a file and drops its former versions. A full or forbidden storage only means another download next time. */
  async #keep(cache: Cache, file: ManifestFile, content: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      const former = await cache.keys(`${this.#baseUrl}${file.path}`, { ignoreSearch: true });
      await Promise.all(former.map((request) => cache.delete(request)));
      await cache.put(this.#urlOf(file), new Response(content));
    } catch {
      // The bytes are here: what was asked for works.
    }
  }
}

/** Cache Storage is absent outside https and localhost, and may be forbidden in private windows. */
async function openCache(): Promise<Cache | undefined> {
  if (!("caches" in globalThis)) return undefined;
  return await caches.open(MODELS_CACHE).catch(() => undefined);
}

async function fetchOk(url: string, path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw interrupted(path, cause);
  }
  if (response.ok) return response;
  throw new InklingError(
    "model_unavailable",
    `The server answered ${response.status} for the model file ${path}.`,
    "Run it on the server instead, or try again later.",
  );
}

async function readBody(
  response: Response,
  file: ManifestFile,
  { signal, onProgress }: LoadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const content = new Uint8Array(file.bytes);
  const reader = response.body?.getReader();
  let loadedBytes = 0;
  try {
    for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
      // More than was announced: what fits has another hash already, and the check below says so.
      content.set(chunk.value.subarray(0, file.bytes - loadedBytes), loadedBytes);
      loadedBytes = Math.min(loadedBytes + chunk.value.byteLength, file.bytes);
      onProgress?.({ loadedBytes, totalBytes: file.bytes });
    }
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw interrupted(file.path, cause);
  }
  if (loadedBytes < file.bytes) throw interrupted(file.path);
  return content;
}

function interrupted(path: string, cause?: unknown): InklingError {
  return new InklingError(
    "model_unavailable",
    `The download of the model file ${path} was interrupted.`,
    "Check the connection and try again, or run it on the server instead.",
    { cause },
  );
}

async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
  if (!crypto.subtle) {
    throw new InklingError(
      "model_unavailable",
      "This page was not opened over https, so that the browser cannot check what it downloads.",
      "Open it over https or on localhost, or run it on the server instead.",
    );
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
