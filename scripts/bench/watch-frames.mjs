/**
 * Watches a page that captions a live picture: what each caption took, and how long the page's own thread was busy. It runs in
 * the page, before the page's own scripts, and therefore uses nothing of this file.
 *
 * Captions are added to `inklingFrames` (their timings, and when they came), tasks of over 50 ms to `inklingLongTasks`.
 */
export function watchFrames() {
  const frames = [];
  const longTasks = [];
  globalThis.inklingFrames = frames;
  globalThis.inklingLongTasks = longTasks;
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push({ startTime, duration });
  }).observe({ type: "longtask" });
  globalThis.Worker = class extends globalThis.Worker {
    #asked = new Set();

    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({ data: { type, id, value } }) => {
        if (!this.#asked.delete(id) || type !== "result" || value === null) return;
        frames.push({ at: performance.now(), ...value.timings });
      });
    }

    postMessage(message, ...options) {
      if (message.type === "run" && /^captioning\.(quick-)?frame$/.test(message.task)) this.#asked.add(message.id);
      super.postMessage(message, ...options);
    }
  };
}
