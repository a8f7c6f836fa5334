/**
 * A photo handed from one page of this app to another, in another tab too. It passes through this device's own storage, waits
 * there until it is taken, and goes nowhere else.
 */
import { HANDED_CACHE } from "@/lib/browser/cache-names";
import { InklingError } from "@/lib/inference/errors";

const ADDRESS = "/handed-photo";
/** What the other page's link says, in the place of a sample's name. */
export const HANDED = "handed";
/** Milliseconds to wait for one: the tab that gives it may be slower than the tab that takes it. */
const WAIT = 3000;
const ASK_EVERY = 100;

/** @throws a `DOMException` where the browser refuses storage */
export async function givePhoto(photo: Blob): Promise<void> {
  const cache = await caches.open(HANDED_CACHE);
  await cache.put(ADDRESS, new Response(photo));
}

/**
 * @returns the photo, which is then no longer kept
 * @throws `InklingError` where none comes
 */
export async function takePhoto(): Promise<Blob> {
  for (let waited = 0; "caches" in globalThis && waited < WAIT; waited += ASK_EVERY) {
    const response = await caches.match(ADDRESS, { cacheName: HANDED_CACHE });
    if (response) {
      const photo = await response.blob();
      await caches.delete(HANDED_CACHE);
      return photo;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
  }
  throw new InklingError(
    "internal",
    "The picture did not come over from the other page.",
    "Keep the picture there, and choose it here as a file.",
  );
}
