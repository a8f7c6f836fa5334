/** Live captions in this browser. Loaded when they are first asked for. */
import { startDeviceWorker } from "@/lib/browser/device-worker";
import type { FrameAnswer, FrameRequest } from "@/lib/captioning/live/frame-captioner";
import type { LoadProgress } from "@/lib/inference/engine";
import type { LoadedModel } from "@/lib/ui/run/use-device";
import type { Frame } from "@/lib/vision/frames.browser";

/** Two networks see: the small one is quicker, and errs more often. */
export type LiveTask = "captioning.frame" | "captioning.quick-frame";

/** A frame to keep, as JPEG. */
export interface KeptFrame {
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
}

/** Frames that are handed over are closed; they cannot be used here afterwards. */
export interface LiveModel extends LoadedModel {
  /** @throws `InklingError` */
  caption(request: FrameRequest<Frame>): Promise<FrameAnswer>;
  /**
   * @param side - longest side, in pixels
   * @throws `InklingError`
   */
  keep(frame: Frame, side: number): Promise<KeptFrame>;
}

/**
 * Downloads what is not on the device yet, and starts the worker.
 *
 * @throws `InklingError`, or the signal's reason
 */
export async function loadLiveModel(
  task: LiveTask,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void,
): Promise<LiveModel> {
  const { client, terminate } = startDeviceWorker();
  try {
    const ready = await client.load([task, "vision.keep"], { signal, onProgress });
    return {
      ...ready,
      caption: (request) => client.run(task, request, { transfer: [request.frame] }),
      keep: (frame, side) => client.run("vision.keep", { frame, side }, { transfer: [frame] }),
      terminate,
    };
  } catch (thrown) {
    terminate();
    throw thrown;
  }
}
