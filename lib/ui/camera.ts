/** The device's cameras, and in a sentence each what keeps one from being used. */
import { InklingError } from "@/lib/inference/errors";

/** Sentences by the name of what `getUserMedia` throws. */
const PROBLEMS: Readonly<Record<string, readonly [detail: string, suggestion: string]>> = {
  NotAllowedError: [
    "The camera may not be used here.",
    "Allow it in the browser’s address bar or in the system’s settings, then try again.",
  ],
  NotFoundError: ["No camera was found on this device.", "Connect one, or take a picture or video from a file."],
  OverconstrainedError: ["This camera is no longer there.", "Choose another one."],
  NotReadableError: ["The camera is in use by another program.", "Close that program, then try again."],
};

/** @param thrown - by `getUserMedia` */
export function cameraError(thrown: unknown): InklingError {
  const [detail, suggestion] = (thrown instanceof Error && PROBLEMS[thrown.name]) || [
    "The camera could not be opened.",
    "Disconnect it and connect it again, or restart the browser, then try again.",
  ];
  return new InklingError("internal", detail, suggestion, { cause: thrown });
}

/**
 * Opens a camera, without sound.
 *
 * @throws `InklingError`
 */
export async function openCamera(video: MediaTrackConstraints): Promise<MediaStream> {
  // Browsers keep cameras from pages that others on the way could have changed.
  if (!navigator.mediaDevices) {
    throw new InklingError(
      "internal",
      "Browsers let pages use a camera only where they come over HTTPS, or from this machine itself.",
      "Open this page with https:// in front of its address, or at http://localhost.",
    );
  }
  return await navigator.mediaDevices.getUserMedia({ video }).catch((thrown) => {
    throw cameraError(thrown);
  });
}

export function closeStream(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
