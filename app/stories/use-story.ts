"use client";

import { useEffect, useState } from "react";
import type { GeneratedStory } from "@/lib/stories/generator";
import type { StoryText } from "./story";

/** Milliseconds without a keystroke after which the story is asked about. */
const DEBOUNCE = 250;

/** The story and the question as they are typed, and as they are asked. */
export function useStory(initial: StoryText) {
  const [state, setState] = useState<{ text: StoryText; asked: StoryText; expected: string | undefined }>({
    text: initial,
    asked: initial,
    expected: undefined,
  });
  const { text } = state;
  useEffect(() => {
    const timer = setTimeout(
      () => setState((current) => (current.text === text ? { ...current, asked: text } : current)),
      DEBOUNCE,
    );
    return () => clearTimeout(timer);
  }, [text]);

  const change = (changes: Partial<StoryText>) =>
    setState((current) => ({ ...current, text: { ...current.text, ...changes }, expected: undefined }));
  return {
    text,
    asked: state.asked,
    /** What follows from a generated story; undefined once it is changed. */
    expected: state.expected,
    /** Whether what is typed is what is asked. */
    settled: state.text === state.asked,
    changeStory: (story: readonly string[]) => change({ story }),
    changeQuestion: (question: string) => change({ question: question.replace(/\s/gu, " ") }),
    /** Asks at once. */
    settle: () => setState((current) => ({ ...current, asked: current.text })),
    /** Shows and asks a new story. */
    tell: ({ story, question, answer }: GeneratedStory) => {
      const told = { story, question };
      setState({ text: told, asked: told, expected: answer });
    },
  };
}
