"use client";

import { useEffect, useState } from "react";
import type { Photo } from "@/lib/ui/photo/photo";
import { useUndo } from "@/lib/ui/use-undo";

/** Milliseconds without a keystroke after which the question is asked. */
const DEBOUNCE = 150;
/** Milliseconds without a keystroke after which it is taken for finished: read out, and kept in the history. */
const FINISHED = 1200;

interface Question {
  readonly text: string;
  /** Whether it is of the visitor's own. */
  readonly own: boolean;
  /** The id of the photo that it was first asked of. */
  readonly photo: string;
}

/**
 * The question as it is typed, and as it is asked. Where another photo comes, a question of the visitor's own stays, and one
 * that was suggested for the last photo gives way.
 *
 * @param initial - what is asked at first
 * @param firstQuestion - what is asked of a photo where the visitor has no question of their own
 */
export function useQuestion(initial: string, photo: Photo, firstQuestion: (photo: Photo) => string) {
  const { value, change, undo, settle, previous } = useUndo<Question>({
    text: initial,
    own: initial !== firstQuestion(photo),
    photo: photo.id,
  });
  const [asked, setAsked] = useState(value);
  const [finished, setFinished] = useState(true);
  // While rendering, and not in an effect: the question for the last photo is never asked of this one.
  const textOf = (question: Question) =>
    question.photo === photo.id || (question.own && question.text.trim() !== "") ? question.text : firstQuestion(photo);
  const text = textOf(value);

  useEffect(() => {
    const ask = setTimeout(() => setAsked(value), DEBOUNCE);
    const finish = setTimeout(() => setFinished(true), FINISHED);
    return () => {
      clearTimeout(ask);
      clearTimeout(finish);
    };
  }, [value]);

  return {
    /** What the field holds. */
    text,
    /** What is asked. */
    asked: textOf(asked),
    /** Whether the visitor has come to its end. */
    finished: finished && text === textOf(asked),
    type: (next: string) => {
      change({ text: next, own: true, photo: photo.id }, "typed");
      setFinished(false);
    },
    /** Asks at once what has been typed. */
    finish: () => {
      settle();
      setAsked(value);
      setFinished(true);
    },
    /** Asks at once what was suggested, or asked earlier of a photo that is shown with it. */
    ask: (next: string, of: Photo = photo) => {
      const question = { text: next, own: false, photo: of.id };
      // Suggestions that are tried one after the other are one step: what comes back is what was typed before.
      change(question, "suggested");
      setAsked(question);
      setFinished(true);
    },
    /** Takes the last change back. */
    undo,
    /** With another photo, what stood before may have given way to what stands there. */
    canUndo: previous !== undefined && textOf(previous) !== text,
  };
}
