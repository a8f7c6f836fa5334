import { type Photo, thumbnail } from "../photo/photo";
import { uniqueId } from "../unique-id";
import type { HistoryName } from "./history-store";
import type { Run } from "./run";

/**
 * Keeps an answer in the history of this device. One that cannot be written (private mode, full disk) costs the history
 * only.
 *
 * @param settings - what brings the same answer again
 */
export async function rememberRun(
  name: HistoryName,
  photo: Photo,
  settings: unknown,
  { response, place, milliseconds = 0 }: Run<unknown>,
): Promise<void> {
  try {
    const { addToHistory } = await import("./history-store");
    await addToHistory(name, {
      id: uniqueId(),
      time: Date.now(),
      name: photo.name,
      sample: photo.sample,
      picture: await thumbnail(await photo.read()),
      width: photo.width,
      height: photo.height,
      settings,
      place,
      milliseconds,
      response,
    });
  } catch (cause) {
    console.warn("This result could not be kept in the history.", cause);
  }
}
