/** Caches of the service worker, which `/storage` shows and empties; models have their own (`lib/inference/model-downloads.ts`). */

/** Of scripts, styles and fonts; Serwist adds `-precache` and the scope. */
export const SHELL_CACHE = "inkling-shell";

/** Of the pages' HTML, one cache for each version of the app. */
export const PAGES_CACHE = "inkling-pages-";

/** Of photos that were shown. */
export const PICTURES_CACHE = "inkling-pictures";

/** Of what the API lists: hands, and answers that can be given. */
export const LISTS_CACHE = "inkling-lists";
/** A photo on its way from one page to another. */
export const HANDED_CACHE = "inkling-handed";
