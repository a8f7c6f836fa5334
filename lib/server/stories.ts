/** Questions about stories on the server: those of all clients who ask at the same time, together. */
import type { Provider } from "@/lib/inference/engine";
import { Scheduler } from "@/lib/inference/scheduler";
import type { StoryAnswer, StoryQuestion } from "@/lib/stories/pipeline";
import { findServed } from "./manifest";
import { observeBatch, observeStages, roundTimings } from "./metrics";
import { getPool } from "./pool";
import { QUEUE_SETTINGS } from "./queue-settings";

export interface AnsweredStory extends StoryAnswer {
  readonly model: { readonly name: string; readonly sha256: string };
  readonly provider: Provider;
  /** Milliseconds. */
  readonly timings: Readonly<Record<"queue" | "answer" | "total", number>>;
}

/** Next bundles each route by itself: only globalThis is shared by all. */
const shared = globalThis as { inklingStories?: Scheduler<StoryQuestion, StoryAnswer> };

export function getStoryScheduler(): Scheduler<StoryQuestion, StoryAnswer> {
  shared.inklingStories ??= new Scheduler({
    ...QUEUE_SETTINGS,
    async runBatch(questions, signal) {
      observeBatch("stories", questions.length);
      return await getPool().runTask("stories.answer", questions, { signal });
    },
  });
  return shared.inklingStories;
}

/**
 * Answers a question about a story.
 *
 * @throws `InklingError` with code `model_unavailable`, `overloaded` when the queue is full, or the signal's reason
 */
export async function answerStory(question: StoryQuestion, signal: AbortSignal): Promise<AnsweredStory> {
  const startedAt = performance.now();
  const { sha256 } = await findServed("stories");
  const { value: answered, queueMs } = await getStoryScheduler().submit(question, signal);
  const { provider } = getPool().where;
  const total = performance.now() - startedAt;
  const milliseconds = { queue: queueMs, answer: total - queueMs, total };
  observeStages("stories", milliseconds);
  return {
    ...answered,
    model: { name: "stories", sha256 },
    provider,
    timings: roundTimings(milliseconds),
  };
}
