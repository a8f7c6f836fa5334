import type { FrameSource } from "./live-session";

/** Frames of a video element. `VideoFrame` copies no pixels; browsers without it have bitmaps. */
export function frameSource(video: HTMLVideoElement, time: () => number): FrameSource {
  return {
    async grab() {
      if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0) return undefined;
      return "VideoFrame" in globalThis ? new VideoFrame(video) : await createImageBitmap(video);
    },
    copy: async (frame) => (frame instanceof ImageBitmap ? await createImageBitmap(frame) : frame.clone()),
    time,
  };
}

/**
 * Calls back for each new frame of a video.
 *
 * @returns ends it
 */
export function onEachFrame(video: HTMLVideoElement, callback: () => void): () => void {
  const counts = "requestVideoFrameCallback" in video;
  let handle = 0;
  const next = () => {
    handle = counts ? video.requestVideoFrameCallback(call) : requestAnimationFrame(call);
  };
  const call = () => {
    callback();
    next();
  };
  next();
  return () => (counts ? video.cancelVideoFrameCallback(handle) : cancelAnimationFrame(handle));
}
