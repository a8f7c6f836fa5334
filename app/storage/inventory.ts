/** What the app keeps in this browser: Cache Storage, IndexedDB and local storage. */
import { readHand, storeHand } from "@/app/handwriting/hand-store";
import { HANDED_CACHE, LISTS_CACHE, PAGES_CACHE, PICTURES_CACHE, SHELL_CACHE } from "@/lib/browser/cache-names";
import { MODEL_FILES_URL, MODELS_CACHE, RUNTIME_CACHE } from "@/lib/inference/cache-names";
import type { ManifestFile } from "@/lib/inference/manifest";
import { parseDownloaded } from "@/lib/ui/run/downloads";
import {
  HISTORY_NAMES,
  type HistoryName,
  readHistory,
  removeFromHistory,
  restoreToHistory,
} from "@/lib/ui/run/history-store";
import { readStored, writeStored } from "@/lib/ui/use-stored-state";

export interface Kept {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly bytes: number;
  /** @returns what brings it back; undefined where only another download does */
  remove(): Promise<(() => Promise<void>) | undefined>;
}

export interface KeptGroup {
  readonly title: string;
  readonly items: readonly Kept[];
}

/** A model as the server has it: what this device keeps of it is told by its files' hashes. */
export interface ServedModel {
  readonly name: string;
  /** `optional` ones are loaded on some devices only. */
  readonly files: readonly (Pick<ManifestFile, "path" | "sha256" | "bytes"> & { readonly optional: boolean })[];
}

/** Which models have been downloaded, by name: `useDevice` writes it. */
const DOWNLOADED = "inkling.downloaded";
const SETTINGS_PREFIX = "inkling.";

const MODEL_TITLES: Readonly<Record<string, string>> = {
  vision: "Seeing, for captions and questions",
  live: "Quick seeing, for live captions",
  captioning: "Captioning",
  vqa: "Questions",
  handwriting: "Handwriting",
  reading: "Reading handwriting",
  stories: "Stories",
  translation: "Translation",
  language: "Language",
};

const HISTORY_TITLES: Readonly<Record<HistoryName, string>> = {
  captions: "Captions",
  answers: "Answers",
  writings: "Handwriting",
};

const sum = (bytes: readonly number[]) => bytes.reduce((total, each) => total + each, 0);
const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
const count = (number: number, one: string) => `${number} ${one}${number === 1 ? "" : "s"}`;

/** Groups without anything in them are left out; what this browser does not have or forbids counts as nothing. */
export async function takeInventory(models: readonly ServedModel[]): Promise<KeptGroup[]> {
  const groups: KeptGroup[] = [
    { title: "Models", items: [...(await keptModels(models)), ...(await keptCaches(RUNTIME))] },
    { title: "Yours", items: [...(await keptHistory()), ...(await keptHand()), ...keptSettings()] },
    { title: "The app", items: [...(await keptCaches(APP)), ...(await keptCaches(SEEN))] },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

async function keptModels(models: readonly ServedModel[]): Promise<Kept[]> {
  if (!("caches" in globalThis) || !(await caches.has(MODELS_CACHE))) return [];
  const cache = await caches.open(MODELS_CACHE);
  const addresses = (await cache.keys()).map(({ url }) => url);
  return models.flatMap(({ name, files }) => {
    const kept = files.flatMap(({ path, sha256, bytes }) => {
      const url = addresses.find((address) => address.endsWith(`${MODEL_FILES_URL}${path}?sha256=${sha256}`));
      return url ? [{ url, path, bytes }] : [];
    });
    if (kept.length === 0) return [];
    const whole = files.every(({ path, optional }) => optional || kept.some((file) => file.path === path));
    return {
      id: `model ${name}`,
      title: MODEL_TITLES[name] ?? name,
      detail: whole ? "runs without a network" : "in part: the download was interrupted",
      bytes: sum(kept.map(({ bytes }) => bytes)),
      async remove() {
        await Promise.all(kept.map(({ url }) => cache.delete(url)));
        const { [name]: _, ...others } = parseDownloaded(readStored(DOWNLOADED));
        writeStored(DOWNLOADED, JSON.stringify(others));
        return undefined;
      },
    };
  });
}

interface CacheGroup {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly holds: (name: string) => boolean;
  /** Whether it goes with the service worker. */
  readonly worker?: boolean;
}

const RUNTIME: CacheGroup = {
  id: "runtime",
  title: "ONNX Runtime",
  detail: "runs the models; fetched again with the next one",
  holds: (name) => name === RUNTIME_CACHE,
};

const APP: CacheGroup = {
  id: "app",
  title: "Pages and scripts",
  detail: "open without a network; the next visit keeps them again",
  holds: (name) => name.startsWith(SHELL_CACHE) || name.startsWith(PAGES_CACHE),
  worker: true,
};

const SEEN: CacheGroup = {
  id: "seen",
  title: "Photos and lists",
  detail: "that the app has shown",
  holds: (name) => [PICTURES_CACHE, LISTS_CACHE, HANDED_CACHE].includes(name),
};

async function keptCaches({ id, title, detail, holds, worker }: CacheGroup): Promise<Kept[]> {
  if (!("caches" in globalThis)) return [];
  const names = (await caches.keys().catch(() => [])).filter(holds);
  const bytes = sum(await Promise.all(names.map(cacheBytes)));
  if (bytes === 0) return [];
  return [
    {
      id,
      title,
      detail,
      bytes,
      async remove() {
        if (worker) await (await navigator.serviceWorker?.getRegistration())?.unregister();
        await Promise.all(names.map((name) => caches.delete(name)));
        return undefined;
      },
    },
  ];
}

async function cacheBytes(name: string): Promise<number> {
  const cache = await caches.open(name);
  const sizes = (await cache.keys()).map(async (request) => (await (await cache.match(request))?.blob())?.size ?? 0);
  return sum(await Promise.all(sizes));
}

async function keptHistory(): Promise<Kept[]> {
  const kept = HISTORY_NAMES.map(async (name): Promise<Kept[]> => {
    const entries = await readHistory(name).catch(() => []);
    if (entries.length === 0) return [];
    return [
      {
        id: `history ${name}`,
        title: `History: ${HISTORY_TITLES[name]}`,
        detail: count(entries.length, "result"),
        bytes: sum(entries.map((entry) => entry.picture.size + sizeOf(entry.response))),
        async remove() {
          await removeFromHistory(name, entries);
          return () => restoreToHistory(name, entries);
        },
      },
    ];
  });
  return (await Promise.all(kept)).flat();
}

async function keptHand(): Promise<Kept[]> {
  const hand = await readHand().catch(() => null);
  if (!hand) return [];
  return [
    {
      id: "hand",
      title: "Your own hand",
      detail: count(hand.strokes.length, "stroke"),
      bytes: sizeOf(hand),
      async remove() {
        await storeHand(null);
        return () => storeHand(hand);
      },
    },
  ];
}

function keptSettings(): Kept[] {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(SETTINGS_PREFIX) && key !== DOWNLOADED);
  const entries = keys.map((key) => [key, readStored(key) ?? ""] as const);
  if (entries.length === 0) return [];
  return [
    {
      id: "settings",
      title: "Settings",
      detail: "theme, where models run, what was measured here",
      bytes: sum(entries.map(([key, value]) => key.length + value.length)),
      async remove() {
        for (const [key] of entries) writeStored(key, null);
        return async () => {
          for (const [key, value] of entries) writeStored(key, value);
        };
      },
    },
  ];
}
