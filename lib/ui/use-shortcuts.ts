"use client";

import { useEffect, useEffectEvent } from "react";
import { useStoredState } from "./use-stored-state";

/** Whether single keys are shortcuts; on until the visitor says otherwise. */
export const useShortcutsEnabled = () => useStoredState("inkling.shortcuts", parseEnabled);

const parseEnabled = (stored: string | null) => stored !== "off";

/**
 * Single-key shortcuts, which can be turned off (some people speak to their computer, and it types). A control says with
 * `aria-keyshortcuts` which key presses it,
 * or for a field of text goes there.
 */
export function useShortcuts({ onStop, onHelp }: { onStop: () => void; onHelp: () => void }) {
  const [enabled] = useShortcutsEnabled();

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    // A dialog closes by Escape itself, and what is running behind it goes on.
    const inDialog = event.target instanceof Element && event.target.closest("[role=dialog]");
    if (event.key === "Escape" && !inDialog) return onStop();
    const typing =
      event.target instanceof Element &&
      event.target.closest("input:not([type=radio],[type=checkbox],[type=range],[type=file]), textarea");
    if (!enabled || typing || inDialog || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") return onHelp();
    const controls = document.querySelectorAll<HTMLElement>(
      `[aria-keyshortcuts="${CSS.escape(event.key.toLowerCase())}"]`,
    );
    // A control may be there twice, for wide and narrow windows: the one that is shown counts.
    const shown = [...controls].find(
      (control) => control.closest(":not([hidden])") && control.getClientRects().length > 0,
    );
    if (!shown) return;
    event.preventDefault();
    if (shown instanceof HTMLTextAreaElement) shown.select();
    else shown.click();
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}
