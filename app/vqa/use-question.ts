"use client";

import { useEffect, useState } from "react";
import type { Photo } from "@/lib/ui/photo/photo";

/** Milliseconds without a keystroke after which the question is asked. */
const DEBOUNCE = 150;
/** Milliseconds without a keystroke after which it is taken for finished: read out, and kept in the history. */
const FINISHED = 1200;

/**
 * The question as it is typed, and as it is asked. Where another photo comes, a question of the visitor's own stays, and one
 * that was suggested for the last photo gives way.
 *
 * @param initial - what is asked at first
 * @param firstQuestion - what is asked of a photo where the visitor has no question of their own
 */
export function useQuestion(initial: string, photo: Photo, firstQuestion: (photo: Photo) => string) {
  const [state, setState] = useState({
    text: initial,
    asked: initial,
    finished: true,
    own: initial !== firstQuestion(photo),
    photo: photo.id,
  });
  // While rendering, and not in an effect: the question for the last photo is never asked of this one.
  if (state.photo !== photo.id) {
    const first = firstQuestion(photo);
    const next =
      state.own && state.text.trim() !== "" ? state : { text: first, asked: first, finished: true, own: false };
    setState({ ...next, photo: photo.id });
  }

  const { text } = state;
  useEffect(() => {
    const ask = setTimeout(() => setState((current) => ({ ...current, asked: current.text })), DEBOUNCE);
    const finish = setTimeout(() => setState((current) => ({ ...current, finished: current.text === text })), FINISHED);
    return () => {
      clearTimeout(ask);
      clearTimeout(finish);
    };
  }, [text]);

  return {
    /** What the field holds. */
    text,
    /** What is asked. */
    asked: state.asked,
    /** Whether the visitor has come to its end. */
    finished: state.finished && text === state.asked,
    type: (next: string) => setState((current) => ({ ...current, text: next, finished: false, own: true })),
    /** Asks at once what has been typed. */
    finish: () => setState((current) => ({ ...current, asked: current.text, finished: true })),
    /** Asks at once what was suggested, or asked earlier of a photo that is shown with it. */
    ask: (next: string, of: Photo = photo) =>
      setState({ text: next, asked: next, finished: true, own: false, photo: of.id }),
  };
}
