"use client";

import dynamic from "next/dynamic";
import { usePathname } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import { Button } from "./button";
import { useShortcutsEnabled } from "./use-shortcuts";

// Loaded when they are opened.
const CommandPalette = dynamic(() => import("./command-palette").then((module) => module.CommandPalette), {
  ssr: false,
});
const ShortcutsDialog = dynamic(() => import("./shortcuts-dialog").then((module) => module.ShortcutsDialog), {
  ssr: false,
});

/** The command palette, and help for the keyboard on pages that have none of their own. */
export function SiteCommands() {
  const [open, setOpen] = useState<"palette" | "help">();
  const [enabled] = useShortcutsEnabled();
  const pathname = usePathname();
  const close = () => setOpen(undefined);
  const help = () => {
    const own = document.querySelector<HTMLElement>('[aria-keyshortcuts="?"]');
    if (own) own.click();
    else setOpen("help");
  };

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      setOpen("palette");
      return;
    }
    const busy = event.target instanceof Element && event.target.closest("input, textarea, [role=dialog]");
    // A page with help of its own opens that itself.
    if (event.key === "?" && enabled && !busy && !document.querySelector('[aria-keyshortcuts="?"]')) setOpen("help");
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);

  return (
    <>
      <Button look="text" className="text-note" aria-keyshortcuts="Control+K Meta+K" onClick={() => setOpen("palette")}>
        Commands
      </Button>
      {open === "palette" && <CommandPalette onClose={close} onHelp={help} />}
      {open === "help" && (
        // Of the pages without help of their own the first has a caption.
        <ShortcutsDialog runs={false} photo={false} words={pathname === "/"} onClose={close} />
      )}
    </>
  );
}
