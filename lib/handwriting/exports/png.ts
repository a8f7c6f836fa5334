import { InklingError } from "@/lib/inference/errors";
import { type PacedInk, penAt } from "../rhythm";
import { drawRaster, type RasterOptions, rasterFrame } from "./raster";

/**
 * All of the ink as a PNG. In browsers alone.
 *
 * @param width - in pixels
 * @throws `InklingError` where the browser cannot
 */
export async function toPng(ink: PacedInk, width: number, options: RasterOptions): Promise<Blob> {
  const frame = rasterFrame(ink.strokes, width);
  const canvas = document.createElement("canvas");
  canvas.width = frame.width;
  canvas.height = frame.height;
  const context = canvas.getContext("2d");
  if (context) drawRaster(context, ink, penAt(ink, ink.duration), frame, options);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (context && blob) return blob;
  throw new InklingError("internal", "This browser could not make a picture of the ink.", "Download the SVG instead.");
}
