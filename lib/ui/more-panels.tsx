"use client";

import { Tabs } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { Button } from "./button";

export interface MorePanel {
  readonly value: string;
  readonly label: string;
  readonly content: ReactNode;
}

/** What else a page has, under what it is for; and the help for the keyboard. */
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
  return (
    <Tabs.Root
      id="more"
      value={value ?? null}
      onValueChange={onValueChange}
      className="mt-16 border-hairline border-t pt-5"
    >
      <div className="flex items-baseline gap-x-8">
        <Tabs.List aria-label="More" className="flex flex-wrap gap-x-4 gap-y-1 sm:gap-x-8">
          {panels.map((panel) => (
            <Tabs.Tab
              key={panel.value}
              value={panel.value}
              className="border-transparent border-b font-serif text-base text-ink-soft data-active:border-ink data-active:text-ink sm:text-xl"
            >
              {panel.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {/* Of no use where there are no keys. */}
        <span className="ml-auto hidden sm:inline">
          <Button look="text" aria-keyshortcuts="?" onClick={onHelp}>
            Keyboard
          </Button>
        </span>
      </div>
      {panels.map((panel) => (
        <Tabs.Panel key={panel.value} value={panel.value} className="mt-5">
          {panel.content}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
