import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FrameAnswer } from "@/lib/captioning/live/frame-captioner";
import type { Frame } from "@/lib/vision/frames.browser";
import { createLiveSession, type LiveEntry, type LiveState } from "./live-session";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const TIMINGS = { decode: 2, encode: 100, generate: 48, total: 150 };

/** A camera of 30 frames a second before a scene, and a model that needs 150 ms to name it. */
function stage() {
  let scene = "a dog runs through the grass";
  let captioned: string | undefined;
  let open = 0;
  const handle = () => {
    open++;
    return { scene, close: () => open-- } as unknown as Frame;
  };
  const sceneOf = (frame: Frame) => (frame as unknown as { scene: string }).scene;
  const model = {
    caption: vi.fn(async ({ frame, previous }: { frame: Frame; previous?: unknown }): Promise<FrameAnswer> => {
      const text = sceneOf(frame);
      frame.close();
      if (previous && text === captioned) return null;
      await new Promise((resolve) => setTimeout(resolve, TIMINGS.total));
      captioned = text;
      const caption = { text, score: -1, logProbability: -5, tokens: [] };
      return { luminance: new Uint8Array(196), captions: [caption], timings: TIMINGS };
    }),
    keep: vi.fn(async (frame: Frame) => {
      const blob = new Blob([sceneOf(frame)]);
      frame.close();
      return { blob, width: 4, height: 3 };
    }),
  };
  const states: LiveState[] = [];
  const entries: LiveEntry[] = [];
  const errors: unknown[] = [];
  const session = createLiveSession({
    source: { grab: async () => handle(), copy: async () => handle(), time: () => performance.now() / 1000 },
    model,
    onState: (state) => states.push(state),
    onEntry: (entry) => entries.push(entry),
    onError: (thrown) => errors.push(thrown),
    steady: () => true,
    battery: () => undefined,
  });
  return {
    session,
    model,
    states,
    entries,
    errors,
    openFrames: () => open,
    show: async (next: string, milliseconds: number) => {
      scene = next;
      for (let passed = 0; passed < milliseconds; passed += 33) {
        session.offer();
        await vi.advanceTimersByTimeAsync(33);
      }
    },
  };
}

it("captions each scene once, follows when it changes, and keeps a picture of each caption", async () => {
  const { session, model, states, entries, errors, openFrames, show } = stage();
  await show("a dog runs through the grass", 2000);
  await show("a cat is laying on a bed", 2000);
  expect(states.map(({ caption }) => caption.text)).toEqual(
    expect.arrayContaining(["a dog runs through the grass", "a cat is laying on a bed"]),
  );
  expect(states.at(-1)).toMatchObject({ caption: { text: "a cat is laying on a bed" }, still: true, timings: TIMINGS });
  expect(entries.map(({ caption }) => caption.text)).toEqual([
    "a dog runs through the grass",
    "a cat is laying on a bed",
  ]);
  expect(await entries[1]?.blob.text()).toBe("a cat is laying on a bed");
  expect(entries[1]?.time).toBeGreaterThan(entries[0]?.time ?? Number.POSITIVE_INFINITY);
  // Every look that was more than a comparison: one a scene.
  const looks = await Promise.all(model.caption.mock.results.map(({ value }) => value));
  expect(looks.filter((answer) => answer !== null)).toHaveLength(2);
  // Every frame is given back but the one that was captioned last.
  expect(openFrames()).toBe(1);
  session.stop();
  expect(openFrames()).toBe(0);
  expect(errors).toEqual([]);
});

it("shows nothing of what was under way when it was paused, and goes on afterwards", async () => {
  const { session, states, openFrames, show } = stage();
  await show("a dog runs through the grass", 60);
  session.pause(true);
  await show("a cat is laying on a bed", 1000);
  expect(states).toEqual([]);
  session.pause(false);
  await show("a cat is laying on a bed", 1000);
  expect(states.at(-1)?.caption.text).toBe("a cat is laying on a bed");
  session.stop();
  expect(openFrames()).toBe(0);
});

it("looks at a frame with care when it is held", async () => {
  const { session, model, openFrames } = stage();
  const looking = session.look();
  await vi.advanceTimersByTimeAsync(200);
  expect(await looking).toMatchObject({ captions: [{ text: "a dog runs through the grass" }], picture: { width: 4 } });
  expect(model.caption.mock.calls[0]?.[0]).toMatchObject({ options: { beamWidth: 4, count: 4 } });
  expect(openFrames()).toBe(0);
});

it("says once that the worker has died, and gives the frames back", async () => {
  const { session, model, errors, openFrames, show } = stage();
  await show("a dog runs through the grass", 500);
  model.caption.mockImplementation(async ({ frame }) => {
    frame.close();
    throw new Error("The worker stopped.");
  });
  await show("a cat is laying on a bed", 500);
  expect(errors).toEqual([new Error("The worker stopped.")]);
  session.stop();
  expect(openFrames()).toBe(0);
});
