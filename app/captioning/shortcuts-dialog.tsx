"use client";

import { Modal } from "@/lib/ui/modal";
import { useShortcutsEnabled } from "./use-shortcuts";

const SHORTCUTS = [
  ["Esc", "Stop what is running"],
  ["O", "Choose a photo"],
  ["C", "Open the camera"],
  ["U", "Give a photo’s address"],
  ["← →", "Go along the words, once one has the focus"],
  ["?", "Show this"],
] as const;

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [enabled, setEnabled] = useShortcutsEnabled();
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
