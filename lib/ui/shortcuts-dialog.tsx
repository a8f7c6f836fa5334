"use client";

import { Modal } from "./modal";
import { useShortcutsEnabled } from "./use-shortcuts";

/** A key, and what it does. */
export type Shortcut = readonly [key: string, what: string];

const EVERYWHERE: Shortcut = ["Ctrl K", "Go to a page, or do what this one offers (⌘ K on a Mac)"];

/** Of every page on which something runs. */
const RUNS: Shortcut = ["Esc", "Stop what is running"];

/** Of every page that keeps a history. */
const HISTORY: Shortcut = ["Z", "Bring back what was removed from the history"];

/** Of every page that takes a photo. */
const PHOTO: readonly Shortcut[] = [
  ["O", "Choose a photo"],
  ["C", "Open the camera"],
  ["U", "Give a photo’s address"],
  ["Ctrl V", "Paste a photo, or a link to one (⌘ V on a Mac)"],
];

/** Of every page with words to go along. */
const WORDS: readonly Shortcut[] = [
  ["← →", "On a word: go to the one before or after it, as by ↑ ↓"],
  ["Home End", "On a word: go to the first or the last"],
];

/**
 * @param shortcuts - the page's own, beside those of every page
 * @param runs - whether something runs on the page
 * @param photo - whether the page takes a photo
 * @param history - whether it keeps a history; what runs is kept, unless said otherwise
 * @param words - whether it has words to go along
 */
export function ShortcutsDialog({
  shortcuts = [],
  runs = true,
  photo = true,
  history = runs,
  words = false,
  onClose,
}: {
  shortcuts?: readonly Shortcut[];
  runs?: boolean;
  photo?: boolean;
  history?: boolean;
  words?: boolean;
  onClose: () => void;
}) {
  const [enabled, setEnabled] = useShortcutsEnabled();
  const all: readonly Shortcut[] = [
    EVERYWHERE,
    ...(runs ? [RUNS] : []),
    ...(history ? [HISTORY] : []),
    ...(photo ? PHOTO : []),
    ...(words ? WORDS : []),
    ...shortcuts,
    ["?", "Show this"],
  ];
  return (
    <Modal title="Keyboard" onClose={onClose}>
      <dl className="grid grid-cols-[minmax(5rem,auto)_1fr] gap-x-3 gap-y-2 text-sm">
        {all.map(([key, what]) => (
          <div key={what} className="contents">
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
