/**
 * Watches what a page and its worker say to each other about handwriting. It runs in the page, before the page's own scripts,
 * and therefore uses nothing of this file.
 *
 * The page says what a writing took, but neither how many points it has nor when its first ink came. Each writing that is done is
 * added to `inklingWritings`.
 */
export function watchWriting() {
  const done = [];
  globalThis.inklingWritings = done;
  globalThis.Worker = class extends globalThis.Worker {
    /** By the request's id. */
    #underWay = new Map();

    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({ data: { type, id, value } }) => {
        const writing = this.#underWay.get(id);
        if (!writing) return;
        const milliseconds = performance.now() - writing.start;
        if (type === "partial" && value.type === "strokes") writing.firstInkMs ??= milliseconds;
        if (type === "result") {
          done.push({ text: value.text, points: value.points, milliseconds, firstInkMs: writing.firstInkMs });
        }
        if (type === "result" || type === "error") this.#underWay.delete(id);
      });
    }

    postMessage(message, ...options) {
      if (message.type === "run" && message.task === "handwriting.write") {
        this.#underWay.set(message.id, { start: performance.now() });
      }
      super.postMessage(message, ...options);
    }
  };
}
