import type { FrameTimings } from "@/lib/captioning/live/frame-captioner";
import { type Battery, createPace, type RestReason } from "@/lib/captioning/live/pace";
import { createPump } from "@/lib/captioning/live/pump";
import { addFrame, addStill, type Steady } from "@/lib/captioning/live/steady";
import { LIVE_OPTIONS } from "@/lib/captioning/options";
import type { Caption } from "@/lib/captioning/pipeline";
import type { Frame } from "@/lib/vision/frames.browser";
import type { Luminance } from "@/lib/vision/scene";
import type { KeptFrame, LiveModel } from "./device-live";

/** Where frames come from. */
export interface FrameSource {
  /** The newest frame, or undefined while there is none. */
  grab(): Promise<Frame | undefined>;
  /** Another handle on the same frame. */
  copy(frame: Frame): Promise<Frame>;
  /** Seconds, as the walk counts them. */
  time(): number;
}

/** What is to be seen. */
export interface LiveState {
  /** The caption to show. */
  readonly caption: Caption;
  /** Captions made in a second, of late; 0 while there are too few to say. */
  readonly rate: number;
  readonly timings: FrameTimings;
  /** Whether the picture shows what it showed: then nothing is captioned. */
  readonly still: boolean;
  /** Why it is slower than the device could. */
  readonly resting?: RestReason;
}

/** A caption that was shown, with the frame that it was made for. */
export interface LiveEntry extends KeptFrame {
  readonly time: number;
  readonly caption: Caption;
}

export interface LiveOptions {
  readonly source: FrameSource;
  readonly model: Pick<LiveModel, "caption" | "keep">;
  readonly onState: (state: LiveState) => void;
  readonly onEntry: (entry: LiveEntry) => void;
  /** Called once; nothing is captioned afterwards. */
  readonly onError: (thrown: unknown) => void;
  /** Whether a caption is to stay until it could be read, and others are better for sure; else each is shown as it comes. */
  readonly steady: () => boolean;
  readonly battery: () => Battery | undefined;
}

/** Everything that was taken from one source, as it comes. */
export interface LiveSession {
  /** There is a newer frame. */
  offer(): void;
  /** While it is paused, nothing is shown of what is still under way. */
  pause(paused: boolean): void;
  /**
   * Looks at the newest frame with care.
   *
   * @returns its captions, best first, or undefined where there is no frame
   * @throws `InklingError`
   */
  look(): Promise<{ readonly picture: KeptFrame; readonly captions: readonly Caption[] } | undefined>;
  stop(): void;
}

/** Milliseconds between two looks at a picture that does not change. */
const STILL_REST = 60;
/** Captions of which the rate is taken. */
const COUNTED = 12;
/** Longest sides of pictures to keep, in pixels. */
const ENTRY_SIDE = 640;
const HELD_SIDE = 1280;
/** A held frame's captions: as many as the page of single photos finds, and one more. */
const HELD_OPTIONS = { beamWidth: 4, count: 4 };

export function createLiveSession(options: LiveOptions): LiveSession {
  const { source, model, onState, onEntry, onError } = options;
  const rest = createPace();
  let steady: Steady<Caption> | undefined;
  let timings: FrameTimings | undefined;
  let resting: RestReason | undefined;
  let luminance: Luminance | undefined;
  /** The frame that was captioned last. */
  let captioned: { readonly frame: Frame; readonly time: number } | undefined;
  let captionedAt: number[] = [];
  let wasStill = false;
  let paused = false;
  let stopped = false;

  async function show(next: Steady<Caption>, still: boolean, now: number) {
    const { shown } = next;
    const isNew = shown.text !== steady?.shown.text;
    const isNews = isNew || !still || !wasStill;
    steady = next;
    wasStill = still;
    // After a pause it is counted anew.
    captionedAt = still ? [] : [...captionedAt.slice(1 - COUNTED), now];
    if (isNews && timings) {
      const over = (now - (captionedAt[0] ?? now)) / 1000;
      onState({ caption: shown, rate: over > 0 ? (captionedAt.length - 1) / over : 0, timings, still, resting });
    }
    if (isNew && captioned) {
      const { time } = captioned;
      onEntry({ ...(await model.keep(await source.copy(captioned.frame), ENTRY_SIDE)), time, caption: shown });
    }
  }

  async function work(): Promise<number> {
    const frame = await source.grab();
    if (!frame) return 0;
    const time = source.time();
    const copy = await source.copy(frame);
    const answer = await model.caption({ frame, previous: luminance, options: LIVE_OPTIONS }).catch((thrown) => {
      copy.close();
      throw thrown;
    });
    const now = performance.now();
    const [best, ...others] = answer?.captions ?? [];
    if (stopped || paused || !answer || !best) {
      copy.close();
      if (!stopped && !paused && steady) await show(addStill(steady, now), true, now);
      return STILL_REST;
    }
    captioned?.frame.close();
    captioned = { frame: copy, time };
    ({ luminance, timings } = answer);
    const slower = rest(timings.total, options.battery());
    resting = slower.reason;
    await show(addFrame(options.steady() ? steady : undefined, [best, ...others], now), false, now);
    return slower.milliseconds;
  }

  const pump = createPump(work, onError);
  return {
    offer() {
      if (!paused) pump.offer();
    },
    pause(next) {
      paused = next;
    },
    async look() {
      const frame = await source.grab();
      if (!frame) return undefined;
      const copy = await source.copy(frame);
      const [answer, picture] = await Promise.all([
        model.caption({ frame, options: HELD_OPTIONS }),
        model.keep(copy, HELD_SIDE),
      ]);
      return { picture, captions: answer?.captions ?? [] };
    },
    stop() {
      stopped = true;
      pump.stop();
      captioned?.frame.close();
      captioned = undefined;
    },
  };
}
