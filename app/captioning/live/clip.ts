/** A clip of what is seen, with its captions in the picture, recorded while it is seen. In browsers alone. */
import { InklingError } from "@/lib/inference/errors";
import { onEachFrame } from "./frame-source";

/** What browsers record. VP8 costs a busy device the least; Safari knows MP4 alone. */
const TYPES = ["video/webm;codecs=vp8", "video/webm", "video/mp4"];
/** Longest side, in pixels. */
const SIDE = 960;
/** Of the picture's height. */
const TEXT_HEIGHT = 0.06;
const LINE_HEIGHT = 1.2;
/** Milliseconds after which what was recorded is handed over, so that it does not gather. */
const SLICE = 1000;

export interface Clip {
  /** Ends the recording. */
  stop(): Promise<Blob>;
}

/**
 * @param caption - what to write now
 * @throws `InklingError` where the browser cannot
 */
export function recordClip(video: HTMLVideoElement, caption: () => string): Clip {
  const mimeType = TYPES.find((type) => globalThis.MediaRecorder?.isTypeSupported(type));
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
  // Even: video formats keep colours for each two pixels.
  canvas.width = 2 * Math.round((video.videoWidth * scale) / 2);
  canvas.height = 2 * Math.round((video.videoHeight * scale) / 2);
  const context = canvas.getContext("2d", { alpha: false });
  if (!context || !mimeType) {
    throw new InklingError("internal", "This browser cannot record clips.", "Download the frames instead.");
  }
  const draw = () => {
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    drawCaption(context, caption());
  };
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType, videoBitsPerSecond: 2.5e6 });
  const parts: Blob[] = [];
  const ended = new Promise<void>((resolve) => {
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = () => resolve();
    // What there is until then is kept.
    recorder.onerror = () => resolve();
  });
  draw();
  recorder.start(SLICE);
  const end = onEachFrame(video, draw);
  return {
    async stop() {
      end();
      if (recorder.state !== "inactive") recorder.stop();
      await ended;
      return new Blob(parts, { type: mimeType.split(";")[0] });
    },
  };
}

function drawCaption(context: CanvasRenderingContext2D, text: string): void {
  if (text === "") return;
  const { width, height } = context.canvas;
  const size = Math.max(16, Math.round(height * TEXT_HEIGHT));
  context.font = `${size}px "Newsreader Variable", Georgia, serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const lines = wrap(text, width * 0.92, (line) => context.measureText(line).width);
  const step = size * LINE_HEIGHT;
  const top = height - (lines.length + 0.6) * step;
  context.fillStyle = "rgb(6 10 19 / 0.78)";
  context.fillRect(0, top, width, height - top);
  context.fillStyle = "#f0e9da";
  lines.forEach((line, index) => {
    context.fillText(line, width / 2, top + (index + 0.8) * step);
  });
}

/** Breaks a text into lines no wider than `width`; a word that is wider has a line to itself. */
export function wrap(text: string, width: number, measure: (line: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && measure(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
