"use client";

import { useEffect, useEffectEvent } from "react";
import { Modal } from "@/lib/ui/modal";
import { useStoredState } from "@/lib/ui/use-stored-state";

const SHORTCUTS = [
  ["Esc", "Stop what is running"],
  ["O", "Choose a photo"],
  ["C", "Open the camera"],
  ["U", "Give a photo’s address"],
  ["← →", "Go along the words, once one has the focus"],
  ["?", "Show this"],
] as const;

const parseEnabled = (stored: string | null) => stored !== "off";

/**
 * Single-key shortcuts, which can be turned off (some people speak to their computer, and it types). A control says with
 * `aria-keyshortcuts` which key presses it.
 */
export function useShortcuts({ onStop, onHelp }: { onStop: () => void; onHelp: () => void }) {
  const [enabled] = useStoredState("inkling.shortcuts", parseEnabled);

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    // A dialog closes by Escape itself, and what is running behind it goes on.
    const inDialog = event.target instanceof Element && event.target.closest("[role=dialog]");
    if (event.key === "Escape" && !inDialog) return onStop();
    const typing =
      event.target instanceof Element && event.target.closest("input:not([type=radio],[type=file]), textarea");
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
    shown.click();
  });

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [enabled, setEnabled] = useStoredState("inkling.shortcuts", parseEnabled);
  return (
    <Modal title="Keyboard" onClose={onClose}>
      <dl className="grid grid-cols-[5rem_1fr] gap-y-2 text-sm">
        {SHORTCUTS.map(([key, what]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="border border-hairline px-1.5 py-0.5 font-sans">{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-5 flex cursor-pointer items-center gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={enabled}
          onChange={({ currentTarget }) => setEnabled(currentTarget.checked ? "on" : "off")}
          className="size-4 accent-ink"
        />
        Use single keys as shortcuts
      </label>
    </Modal>
  );
}
