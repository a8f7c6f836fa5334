import type { VqaResponse } from "@/app/api/vqa/schema";
import { InklingError } from "@/lib/inference/errors";
import { PromiseCache } from "@/lib/inference/promise-cache";
import type { Photo } from "@/lib/ui/photo/photo";
import { postForm } from "@/lib/ui/run/fetch-api";
import type { DevicePhoto, LoadedAnswerer } from "./device-answerer";

/**
 * A photo that questions are asked on: it is read, sent and prepared once. That goes on when a question is superseded by
 * the next, which needs it as well, and ends when the session is stopped.
 */
export class PhotoSession {
  readonly photo: Photo;
  readonly #read = new PromiseCache<Blob>();
  readonly #sent = new PromiseCache<{ readonly question: string; readonly response: VqaResponse }>();
  readonly #prepared = new PromiseCache<DevicePhoto>();
  #controller = new AbortController();

  constructor(photo: Photo) {
    this.photo = photo;
  }

  /** Stops what is under way; what is there stays, and questions can be asked again. */
  stop(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
  }

  /** @throws what reading the photo throws, or the signal's reason */
  read(signal: AbortSignal): Promise<Blob> {
    return this.#once(this.#read, (shared) => this.photo.read(shared), signal);
  }

  /**
   * Asks the server. The photo travels with the first question alone, and again where the server no longer knows it.
   *
   * @throws `InklingError` with what the server said, or the signal's reason
   */
  async askServer(question: string, signal: AbortSignal): Promise<VqaResponse> {
    let sentNow = false;
    const first = await this.#once(
      this.#sent,
      async (shared) => {
        sentNow = true;
        return { question, response: await ask({ image: await this.read(shared), question }, shared) };
      },
      signal,
    );
    if (sentNow || first.question === question) return first.response;
    try {
      return await ask({ imageSha256: first.response.image.sha256, question }, signal);
    } catch (thrown) {
      if (InklingError.from(thrown).code !== "image_not_cached") throw thrown;
      this.#sent.delete(ONLY);
      return this.askServer(question, signal);
    }
  }

  /**
   * Asks a model on this device.
   *
   * @throws `InklingError`, or the signal's reason
   */
  async askDevice(model: LoadedAnswerer, question: string, signal: AbortSignal): Promise<VqaResponse> {
    const start = performance.now();
    let timings = { decode: 0, encode: 0 };
    const prepared = await this.#once(
      this.#prepared,
      async (shared) => {
        const made = await model.prepare(await this.read(shared), shared);
        timings = made.timings;
        return made;
      },
      signal,
    );
    const response = await model.answer(prepared, question, signal);
    const total = performance.now() - start;
    const { answer } = response.timings;
    // What is left is waiting: for the photo to be read, or for what an earlier question began.
    const queue = Math.max(0, total - answer - timings.decode - timings.encode);
    return { ...response, timings: { queue, ...timings, answer, total } };
  }

  #once<Value>(
    cache: PromiseCache<Value>,
    create: (shared: AbortSignal) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<Value> {
    const promise = cache.get(ONLY, create, signal);
    // The session waits too: it alone ends what is shared.
    cache.get(ONLY, create, this.#controller.signal).catch(() => {
      // Whoever asked has been told.
    });
    return promise;
  }
}

/** Each cache here holds one thing. */
const ONLY = "";

function ask(fields: { image?: Blob; imageSha256?: string; question: string }, signal: AbortSignal) {
  return postForm<VqaResponse>("/api/vqa", { ...fields, attention: true }, signal);
}
