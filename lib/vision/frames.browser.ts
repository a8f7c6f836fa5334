/** Frames of a live picture, read in a Web Worker, so that no pixel passes through the page's own thread. */
import { InklingError } from "@/lib/inference/errors";
import { SIDE } from "./pixels";
import { type Luminance, luminanceOf } from "./scene";

/** What a page hands over; whoever has it closes it. Browsers without `VideoFrame` have bitmaps. */
export type Frame = VideoFrame | ImageBitmap;

/** Reads one frame after the other. */
export interface FrameReader<Source> {
  /** Squashes a frame to the square that the encoder sees, and says how bright it is where. */
  look(frame: Source): Luminance;
  /** The frame looked at last as float32 [3, 224, 224], RGB, 0 to 1; valid until the next is looked at. */
  pixels(): Float32Array<ArrayBuffer>;
}

/**
 * The browser's own resampling, a few times as fast as `resample.ts`, whose arithmetic is the server's: training takes several
 * resamplers, so that the encoder does not mind.
 */
export function createFrameReader(): FrameReader<Frame> {
  const context = contextOf(new OffscreenCanvas(SIDE, SIDE), { alpha: false, willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  const area = SIDE * SIDE;
  const planes = new Float32Array(3 * area);
  let rgba: Uint8ClampedArray = new Uint8ClampedArray(4 * area);
  return {
    look(frame) {
      context.drawImage(frame, 0, 0, SIDE, SIDE);
      rgba = context.getImageData(0, 0, SIDE, SIDE).data;
      return luminanceOf(rgba);
    },
    pixels() {
      for (let pixel = 0; pixel < area; pixel++) {
        for (let channel = 0; channel < 3; channel++) {
          planes[channel * area + pixel] = (rgba[pixel * 4 + channel] as number) / 255;
        }
      }
      return planes;
    },
  };
}

/**
 * A frame as a JPEG to keep.
 *
 * @param side - longest side, in pixels
 */
export async function encodeFrame(frame: Frame, side: number): Promise<{ blob: Blob; width: number; height: number }> {
  const [frameWidth, frameHeight] =
    frame instanceof ImageBitmap ? [frame.width, frame.height] : [frame.displayWidth, frame.displayHeight];
  const scale = Math.min(1, side / Math.max(frameWidth, frameHeight));
  const width = Math.max(1, Math.round(frameWidth * scale));
  const height = Math.max(1, Math.round(frameHeight * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas, { alpha: false });
  context.imageSmoothingQuality = "high";
  context.drawImage(frame, 0, 0, width, height);
  return { blob: await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 }), width, height };
}

function contextOf(canvas: OffscreenCanvas, settings: CanvasRenderingContext2DSettings) {
  const context = canvas.getContext("2d", settings);
  if (context) return context;
  throw new InklingError("internal", "This browser cannot read pictures in the background.", "Try a newer browser.");
}
