"use client";

import { useEffect, useEffectEvent, useRef } from "react";
import { buttonClass } from "./button";

/**
 * A file field that looks like a button: pressed by pointer, touch, Enter and Space, as the browser has it.
 *
 * @param folder - choose a folder; where the browser cannot, several files
 */
export function FileButton({
  children,
  look,
  accept,
  folder = false,
  shortcut,
  className = "",
  onFiles,
}: {
  children: string;
  look: "main" | "line";
  accept?: string;
  folder?: boolean;
  /** The key that presses it. */
  shortcut?: string;
  className?: string;
  onFiles: (files: File[]) => void;
}) {
  const input = useRef<HTMLInputElement>(null);

  function take() {
    const { current } = input;
    const files = [...(current?.files ?? [])];
    if (!current || files.length === 0) return;
    // So that the same file can be chosen again.
    current.value = "";
    onFiles(files);
  }

  const takeEarly = useEffectEvent(take);
  // What was chosen while the page was still being made interactive.
  useEffect(() => takeEarly(), []);

  return (
    <label
      className={`${buttonClass(look)} cursor-pointer has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-ink has-[:focus-visible]:outline-offset-3 ${className}`}
    >
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple
        // React's types do not know it; browsers do.
        {...(folder && { webkitdirectory: "" })}
        aria-keyshortcuts={shortcut}
        className="sr-only"
        onChange={take}
      />
      {children}
    </label>
  );
}
