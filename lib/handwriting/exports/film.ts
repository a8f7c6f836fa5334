import { InklingError } from "@/lib/inference/errors";
import { type PacedInk, penAt } from "../rhythm";
import { drawRaster, type RasterOptions, rasterFrame } from "./raster";

export interface FilmOptions extends RasterOptions {
  /** Without one a film would be black. */
  readonly background: string;
  /** How much faster than a hand. */
  readonly speed: number;
  /** Of the picture, in pixels. */
  readonly pixels: number;
}

/** What browsers record, the best first; Safari knows MP4 alone. */
const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const FRAMES_PER_SECOND = 30;
/** For how long the finished ink is shown, in milliseconds. */
const LAST_FRAME = 1000;

/**
 * A film of the ink being written, recorded while it is drawn: it takes as long as it lasts. In browsers alone.
 *
 * @param onProgress - called with the share that is done
 * @throws `InklingError` where the browser cannot, or the signal's reason
 */
export async function recordFilm(
  ink: PacedInk,
  { speed, pixels, ...options }: FilmOptions,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Blob> {
  const frame = rasterFrame(ink.strokes, pixels);
  const canvas = document.createElement("canvas");
  canvas.width = frame.width;
  canvas.height = frame.height;
  const context = canvas.getContext("2d");
  const mimeType = TYPES.find((type) => globalThis.MediaRecorder?.isTypeSupported(type));
  if (!context || !mimeType) {
    throw new InklingError("internal", "This browser cannot record films.", "Download the animated SVG instead.");
  }
  const recorder = new MediaRecorder(canvas.captureStream(FRAMES_PER_SECOND), { mimeType, videoBitsPerSecond: 4e6 });
  const parts: Blob[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => resolve();
    recorder.onerror = () =>
      reject(new InklingError("internal", "This browser stopped recording.", "Download the animated SVG instead."));
  });
  const lasts = ink.duration / speed;
  drawRaster(context, ink, penAt(ink, 0), frame, options);
  recorder.start();
  try {
    const start = performance.now();
    for (let now = 0; now < lasts + LAST_FRAME; now = performance.now() - start) {
      signal.throwIfAborted();
      drawRaster(context, ink, penAt(ink, now * speed), frame, options);
      onProgress(Math.min(now / lasts, 1));
      await new Promise((resolve) => setTimeout(resolve, 1000 / FRAMES_PER_SECOND));
    }
  } finally {
    recorder.stop();
  }
  await ended;
  return new Blob(parts, { type: mimeType.split(";")[0] });
}
