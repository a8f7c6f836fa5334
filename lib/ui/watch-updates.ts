/** The page's side of the service worker. Loaded after the page, where browsers have them. */
import { messageSW, Serwist } from "@serwist/window";

/** What the page has fetched and the service worker would have kept, had it been there from the start. */
const KEPT = /^\/(?:_next\/image$|samples\/|api\/handwriting\/styles$|api\/vqa\/vocabulary$)/;

/**
 * Registers the service worker, and watches for newer versions of the app: one that is ready waits until the visitor takes it,
 * so that a page never runs with scripts of two versions.
 *
 * @param onReady - called when a newer version than this page is on the device, with what takes it and loads the page again
 */
export async function watchUpdates(onReady: (take: () => void) => void): Promise<void> {
  const serwist = new Serwist("/service-worker.js", { scope: "/" });
  let taken = false;

  serwist.addEventListener("waiting", async ({ sw }) => {
    const version = sw && (await messageSW(sw, { type: "VERSION" }));
    // A page that has just come from the network is of the newer version already.
    if (version === document.documentElement.dataset.version) return;
    onReady(() => {
      taken = true;
      serwist.messageSkipWaiting();
    });
  });
  serwist.addEventListener("controlling", ({ isUpdate }) => {
    if (taken) location.reload();
    else if (!isUpdate) serwist.messageSW({ type: "CACHE_URLS", payload: { urlsToCache: fetchedAddresses() } });
  });
  // A tab may stay open for days.
  addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void serwist.update().catch(() => {});
  });
  await serwist.register();
}

function fetchedAddresses(): string[] {
  const addresses = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const kept = addresses.filter(({ origin, pathname }) => origin === location.origin && KEPT.test(pathname));
  return [...new Set(kept.map(({ href }) => href))];
}
