import { writeSync } from "node:fs";

const STANDARD_OUTPUT = 1;

/**
 * Where log lines go. One that cannot be written, since the disk is full or nobody reads, is dropped and counted: requests are
 * answered all the same, nothing is kept in memory, and later lines are written again once there is room.
 */
export class LogOutput {
  /** Lines that could not be written. */
  dropped = 0;
  /** The end of a line whose beginning has been written. */
  #rest: Uint8Array = new Uint8Array();
  readonly #write: (bytes: Uint8Array) => number;

  /** @param write - writes some of the bytes, and tells how many */
  constructor(write: (bytes: Uint8Array) => number = (bytes) => writeSync(STANDARD_OUTPUT, bytes)) {
    this.#write = write;
  }

  write(line: string): void {
    const begun = this.#rest.length;
    const bytes = Buffer.concat([this.#rest, Buffer.from(line)]);
    let written = 0;
    try {
      while (written < bytes.length) written += this.#write(bytes.subarray(written));
      this.#rest = new Uint8Array();
    } catch {
      // A line that has begun is ended first, so that the next one stands alone; one that has not begun is let go.
      if (written > begun) this.#rest = bytes.subarray(written);
      else {
        this.#rest = bytes.subarray(written, begun);
        this.dropped += 1;
      }
    }
  }
}
