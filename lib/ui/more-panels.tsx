"use client";

import { type KeyboardEvent, type ReactNode, useId } from "react";
import { Button } from "./button";

export interface MorePanel {
  readonly value: string;
  readonly label: string;
  readonly content: ReactNode;
}

/** Goes along the tabs (ARIA Authoring Practices, "Tabs with manual activation"). */
function goAlong(event: KeyboardEvent<HTMLElement>): void {
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")];
  const at = tabs.indexOf(event.target as HTMLElement);
  const next = { ArrowLeft: at - 1, ArrowRight: (at + 1) % tabs.length, Home: 0, End: -1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  tabs.at(next)?.focus();
}

/**
 * What else a page has, under what it is for; and the help for the keyboard. Of elements alone: every task's page loads it at
 * once.
 */
export function MorePanels({
  panels,
  value,
  onValueChange,
  onHelp,
}: {
  panels: readonly MorePanel[];
  /** Of the panel that is open, if one is. */
  value: string | undefined;
  onValueChange: (value: string) => void;
  onHelp: () => void;
}) {
  const id = useId();
  const open = panels.find((panel) => panel.value === value);
  return (
    <div id="more" className="mt-16 border-hairline border-t pt-5">
      <div className="flex items-baseline gap-x-8">
        <div role="tablist" aria-label="More" onKeyDown={goAlong} className="flex flex-wrap gap-x-4 gap-y-1 sm:gap-x-8">
          {panels.map((panel, index) => (
            <button
              key={panel.value}
              type="button"
              role="tab"
              id={`${id}-${panel.value}`}
              aria-selected={panel === open}
              aria-controls={panel === open ? `${id}-panel` : undefined}
              tabIndex={panel === open || (!open && index === 0) ? 0 : -1}
              onClick={() => onValueChange(panel.value)}
              className="border-transparent border-b font-serif text-base text-ink-soft aria-selected:border-ink aria-selected:text-ink sm:text-xl"
            >
              {panel.label}
            </button>
          ))}
        </div>
        {/* Of no use where there are no keys. */}
        <span className="ml-auto hidden sm:inline">
          <Button look="text" aria-keyshortcuts="?" onClick={onHelp}>
            Keyboard
          </Button>
        </span>
      </div>
      {open && (
        <div
          key={open.value}
          role="tabpanel"
          id={`${id}-panel`}
          aria-labelledby={`${id}-${open.value}`}
          className="mt-5"
        >
          {open.content}
        </div>
      )}
    </div>
  );
}
