/**
 * A photo handed from one page of this app to another, in another tab too. It passes through this device's own storage, waits
 * there until it is taken, and goes nowhere else.
 */

const CACHE_NAME = "inkling-handed";
const ADDRESS = "/handed-photo";
/** What the other page's link says, in the place of a sample's name. */
export const HANDED = "handed";
/** Milliseconds to wait for one: the tab that gives it may be slower than the tab that takes it. */
const WAIT = 3000;
const ASK_EVERY = 100;

/** @throws a `DOMException` where the browser refuses storage */
export async function givePhoto(photo: Blob): Promise<void> {
  const cache = await caches.open(CACHE_NAME);
  await cache.put(ADDRESS, new Response(photo));
}

/** @returns the photo, which is then no longer kept, or undefined where none comes */
export async function takePhoto(): Promise<Blob | undefined> {
  if (!("caches" in globalThis)) return undefined;
  for (let waited = 0; waited < WAIT; waited += ASK_EVERY) {
    const cache = await caches.open(CACHE_NAME);
    const response = await cache.match(ADDRESS);
    if (response) {
      const photo = await response.blob();
      await caches.delete(CACHE_NAME);
      return photo;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
  }
  return undefined;
}
