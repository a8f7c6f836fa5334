"use client";

import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { useState } from "react";
import { PAGES } from "./pages";

interface Command {
  readonly value: string;
  readonly label: string;
  /** A key, or what a page is for. */
  readonly note?: string;
  readonly key?: string;
  readonly run: () => void;
}

interface Group {
  readonly value: string;
  readonly items: readonly Command[];
}

/** What the page offers by a key: each control that is shown says so itself. */
function commandsOfPage(): Command[] {
  // Help is there for every page.
  const controls = document.querySelectorAll<HTMLElement>('main [aria-keyshortcuts]:not([aria-keyshortcuts="?"])');
  return [...controls]
    .filter((control) => control.getClientRects().length > 0 && !control.matches(":disabled"))
    .map((control, index) => ({
      value: `control ${index}`,
      label: control.getAttribute("aria-label") ?? labelOf(control),
      key: control.getAttribute("aria-keyshortcuts")?.toUpperCase(),
      run: () => (control instanceof HTMLTextAreaElement ? control.select() : control.click()),
    }))
    .filter(({ label }) => label !== "");
}

function labelOf(control: HTMLElement): string {
  const label = (control as Partial<HTMLInputElement>).labels?.[0];
  // A label about a field of text is not what is typed there.
  const parts = label ? [...label.childNodes].filter((part) => !part.contains(control)) : [control];
  return parts
    .map(({ textContent }) => textContent)
    .join("")
    .trim();
}

/** Goes to any page, and does what the page at hand offers, by typing a part of its name. */
export function CommandPalette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const router = useRouter();
  const { setTheme } = useTheme();
  const [groups] = useState(() => {
    const all: Group[] = [
      { value: "On this page", items: commandsOfPage() },
      {
        value: "Go to",
        items: PAGES.map(({ path, title, description }) => ({
          value: path,
          label: title,
          note: description,
          run: () => router.push(path),
        })),
      },
      {
        value: "Everywhere",
        items: [
          { value: "light", label: "Light theme", run: () => setTheme("light") },
          { value: "dark", label: "Dark theme", run: () => setTheme("dark") },
          { value: "system", label: "Theme as the system", run: () => setTheme("system") },
          { value: "help", label: "Keyboard shortcuts", key: "?", run: onHelp },
        ],
      },
    ];
    return all.filter(({ items }) => items.length > 0);
  });
  const choose = ({ run }: Command) => {
    onClose();
    // After the dialog has given the focus back: what is run may take it.
    setTimeout(run);
  };

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-[#0e1321]/60" />
        <Dialog.Popup
          aria-label="Commands"
          className="fixed top-[12vh] left-1/2 z-50 flex max-h-[70dvh] w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 flex-col border border-hairline bg-paper"
        >
          <Autocomplete.Root
            inline
            open
            items={groups}
            itemToStringValue={searched}
            autoHighlight="always"
            keepHighlight
          >
            <div className="flex items-baseline border-hairline border-b">
              <Autocomplete.Input
                aria-label="Find a page or a command"
                placeholder="Find a page or a command"
                className="min-w-0 grow bg-transparent px-5 py-3.5 font-serif text-xl outline-none placeholder:text-ink-soft"
              />
              <Dialog.Close className="px-5 py-3 text-ink-soft text-note">Close</Dialog.Close>
            </div>
            <Autocomplete.Empty className="p-5 text-ink-soft empty:hidden">
              There is nothing of that name.
            </Autocomplete.Empty>
            <Autocomplete.List className="overflow-y-auto p-2 empty:hidden">
              {(group: Group) => (
                <Autocomplete.Group key={group.value} items={group.items} className="pb-2">
                  <Autocomplete.GroupLabel className="px-3 pt-2 pb-1 text-ink-soft text-note">
                    {group.value}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(command: Command) => (
                      <Autocomplete.Item
                        key={command.value}
                        value={command}
                        onClick={() => choose(command)}
                        className="flex cursor-pointer items-baseline gap-x-4 px-3 py-1.5 data-highlighted:bg-paper-deep"
                      >
                        {command.label}
                        <span className="ml-auto text-right text-ink-soft text-note">
                          {command.key ? <kbd className="font-sans">{command.key}</kbd> : command.note}
                        </span>
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A page is found by what it is for as well. */
function searched({ label, note = "" }: Command): string {
  return `${label} ${note}`;
}
