"use client";

import { useEffect, useState } from "react";
import type { GeneratedStory } from "@/lib/stories/generator";
import { useUndo } from "@/lib/ui/use-undo";
import type { StoryText } from "./story";

/** Milliseconds without a keystroke after which the story is asked about. */
const DEBOUNCE = 250;

interface Told extends StoryText {
  /** What follows from a generated story; undefined once it is changed. */
  readonly expected: string | undefined;
}

/** The story and the question as they are typed, and as they are asked. */
export function useStory(initial: StoryText) {
  const { value, change, undo, canUndo } = useUndo<Told>({ ...initial, expected: undefined });
  const [asked, setAsked] = useState<StoryText>(value);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(value), DEBOUNCE);
    return () => clearTimeout(timer);
  }, [value]);

  return {
    text: value,
    asked,
    expected: value.expected,
    /** Whether what is typed is what is asked. */
    settled: value.story === asked.story && value.question === asked.question,
    /** @param kind - changes of one kind that follow each other are taken back together */
    changeStory: (story: readonly string[], kind?: string) => change({ story, expected: undefined }, kind),
    changeQuestion: (question: string) =>
      change({ question: question.replace(/\s/gu, " "), expected: undefined }, "question"),
    /** Takes the last change back. */
    undo,
    canUndo,
    /** Asks at once. */
    settle: () => setAsked(value),
    /** Shows and asks a new story. */
    tell: ({ story, question, answer }: GeneratedStory) => {
      const told = { story, question, expected: answer };
      change(told);
      setAsked(told);
    },
  };
}
