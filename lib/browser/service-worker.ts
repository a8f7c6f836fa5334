/**
 * The service worker: keeps the app on the device, so that it opens without a network. `scripts/build-service-worker.mjs`
 * bundles it, and `app/service-worker.js` serves it.
 *
 * Scripts and styles are named by their content and taken from here first. Pages come from the network while it is there:
 * they depend on their address and on the models that are served. Each version of the app keeps its own pages, and goes with
 * its scripts as one. Models are none of its business: `lib/inference` keeps them, checked by their hash.
 */
import { CacheFirst, ExpirationPlugin, NetworkFirst, NetworkOnly, type PrecacheEntry, Serwist } from "serwist";
import { RUNTIME_CACHE } from "@/lib/inference/cache-names";
import { OFFLINE_PATH, PAGES } from "@/lib/ui/pages";
import { LISTS_CACHE, PAGES_CACHE, PICTURES_CACHE, SHELL_CACHE } from "./cache-names";

declare const self: ServiceWorkerGlobalScope & {
  /** Scripts, styles and fonts of this version, put here when it is built. */
  readonly __SW_MANIFEST: readonly PrecacheEntry[];
};
/** Of the app; put here when it is built. */
declare const VERSION: string;

/** After so long a page is taken from this device: a network that is there in name only is none. */
const PAGE_TIMEOUT_S = 5;
const KEPT_PICTURES = 100;

const pagesCache = `${PAGES_CACHE}${VERSION}`;

/** Fetches one page as this version has it. */
async function keepPage(cache: Cache, path: string): Promise<void> {
  const response = await fetch(path, { cache: "no-store", credentials: "same-origin" });
  const html = await response.clone().text();
  // During an upgrade another version may answer: its scripts are not those that are kept here.
  if (!response.ok || !html.includes(VERSION)) throw new Error(`${path} is not of the version ${VERSION}.`);
  await cache.put(path, response);
}

async function keptPage({ url }: Request): Promise<Response | undefined> {
  const cache = await caches.open(pagesCache);
  return (await cache.match(new URL(url).pathname)) ?? (await cache.match(OFFLINE_PATH));
}

/** A photo that was not kept in this size may have been kept as a file. */
async function keptOriginal({ url }: Request): Promise<Response | undefined> {
  const original = new URL(url).searchParams.get("url");
  return original === null ? undefined : caches.match(original);
}

/**
 * The script of a Web Worker finds in the fragment of its address what to load. An answer that has an address itself replaces the
 * one that was asked for, fragment and all (Fetch standard, "main fetch").
 */
function withoutUrl(event: ExtendableEvent, response: Response | undefined): Response | undefined {
  const asked = event instanceof FetchEvent && event.request.destination;
  return response && asked === "worker" ? new Response(response.body, response) : response;
}

self.addEventListener("install", (event) => {
  const keepPages = async () => {
    const cache = await caches.open(pagesCache);
    await Promise.all([...PAGES.map(({ path }) => path), OFFLINE_PATH].map((path) => keepPage(cache, path)));
  };
  event.waitUntil(keepPages());
});

self.addEventListener("activate", (event) => {
  const dropFormer = async () => {
    const former = (await caches.keys()).filter((name) => name.startsWith(PAGES_CACHE) && name !== pagesCache);
    await Promise.all(former.map((name) => caches.delete(name)));
  };
  event.waitUntil(dropFormer());
});

self.addEventListener("message", ({ data, ports }) => {
  if (data?.type === "VERSION") ports[0]?.postMessage(VERSION);
});

const serwist = new Serwist({
  cacheId: SHELL_CACHE,
  precacheEntries: [...self.__SW_MANIFEST],
  precacheOptions: {
    cleanupOutdatedCaches: true,
    plugins: [{ cachedResponseWillBeUsed: async ({ event, cachedResponse }) => withoutUrl(event, cachedResponse) }],
  },
  navigationPreload: true,
  // The first version takes the page that it came with; a later one waits until the visitor says so.
  clientsClaim: true,
  runtimeCaching: [
    {
      matcher: ({ request, sameOrigin, url }) =>
        sameOrigin && request.mode === "navigate" && !url.pathname.startsWith("/api/"),
      handler: new NetworkOnly({
        networkTimeoutSeconds: PAGE_TIMEOUT_S,
        plugins: [{ handlerDidError: ({ request }) => keptPage(request) }],
      }),
    },
    {
      // Browsers keep compiled WebAssembly with their HTTP cache, which comes first therefore.
      matcher: ({ sameOrigin, url }) => sameOrigin && url.pathname.endsWith(".wasm"),
      handler: new NetworkOnly({
        plugins: [{ handlerDidError: ({ request }) => caches.match(request.url, { cacheName: RUNTIME_CACHE }) }],
      }),
    },
    {
      matcher: ({ sameOrigin, url }) => sameOrigin && /^\/(?:_next\/image$|samples\/)/.test(url.pathname),
      handler: new CacheFirst({
        cacheName: PICTURES_CACHE,
        plugins: [
          new ExpirationPlugin({ maxEntries: KEPT_PICTURES, maxAgeFrom: "last-used", purgeOnQuotaError: true }),
          { handlerDidError: ({ request }) => keptOriginal(request) },
        ],
      }),
    },
    {
      matcher: ({ sameOrigin, url }) =>
        sameOrigin && /^\/api\/(?:handwriting\/styles|vqa\/vocabulary)$/.test(url.pathname),
      handler: new NetworkFirst({ cacheName: LISTS_CACHE }),
    },
    {
      // Icons and the manifest, which have no hash in their names.
      matcher: ({ sameOrigin, url }) => sameOrigin && /\.(?:svg|png|webmanifest)$/.test(url.pathname),
      handler: new NetworkFirst({ cacheName: PICTURES_CACHE }),
    },
  ],
});

serwist.addEventListeners();
