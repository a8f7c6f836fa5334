"use client";

import { useEffect, useRef, useState } from "react";
import { createSpeechGate } from "@/lib/captioning/live/speech";
import { useHydrated } from "@/lib/ui/use-hydrated";

/** Whether this browser has a voice at all; supposed to until the page is hydrated. */
export function useCanSpeak(): boolean {
  return !useHydrated() || "speechSynthesis" in globalThis;
}

/** Says captions aloud, no faster than one can listen. */
export function useSpeech(text: string | undefined, on: boolean): void {
  const gate = useRef(createSpeechGate());
  useEffect(() => {
    if (!on || !text) return;
    const { current } = gate;
    if (!current.ask(text, performance.now())) return;
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = "en";
    utterance.onend = () => current.ended(performance.now());
    utterance.onerror = utterance.onend;
    speechSynthesis.speak(utterance);
  }, [text, on]);
  useEffect(() => {
    if (!on) return;
    return () => {
      globalThis.speechSynthesis?.cancel();
      gate.current = createSpeechGate();
    };
  }, [on]);
}

/** For a live region: a caption now and then, as a screen reader reads out all that it is given. */
const ANNOUNCE_EVERY = 6000;

/** @returns the caption that a screen reader is to say */
export function useAnnounced(text: string | undefined): string {
  const [announced, setAnnounced] = useState("");
  const at = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (!text) return;
    const wait = Math.max(0, at.current + ANNOUNCE_EVERY - performance.now());
    // The last that comes while it waits is the one that is said.
    const timer = setTimeout(() => {
      at.current = performance.now();
      setAnnounced(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text]);
  return announced;
}
