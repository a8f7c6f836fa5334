/** What a camera sees on a walk: it passes over the sample photos, so that no two frames are alike. */
import { writeFile } from "node:fs/promises";
import sharp from "sharp";

const WIDTH = 640;
const HEIGHT = 480;
/** What Chromium plays Motion JPEG at. */
const FRAMES_PER_SECOND = 30;
/** For how long each photo is passed over. */
const SECONDS = 2;
/** How much larger than the frame the photo is: what the camera passes over. */
const SCALE = 1.3;

/**
 * Writes Motion JPEG, which is one JPEG after the other, as Chromium's fake camera plays it.
 *
 * @param {string} path
 * @param {readonly { bytes: Buffer }[]} photos
 * @param {AbortSignal} signal
 */
export async function writeFilm(path, photos, signal) {
  const frames = [];
  const [width, height] = [WIDTH * SCALE, HEIGHT * SCALE].map(Math.round);
  for (const { bytes } of photos) {
    const photo = await sharp(bytes).resize(width, height, { fit: "cover" }).toBuffer();
    const count = SECONDS * FRAMES_PER_SECOND;
    for (let frame = 0; frame < count; frame++) {
      signal.throwIfAborted();
      const share = frame / (count - 1);
      const left = Math.round(share * (width - WIDTH));
      const top = Math.round(share * (height - HEIGHT));
      frames.push(
        await sharp(photo).extract({ left, top, width: WIDTH, height: HEIGHT }).jpeg({ quality: 80 }).toBuffer(),
      );
    }
  }
  await writeFile(path, Buffer.concat(frames));
}
