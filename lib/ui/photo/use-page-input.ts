"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { readDropped } from "./dropped-files";

/**
 * Takes what is dropped or pasted anywhere on the page.
 *
 * @param onFiles - one photo, or the photos of a folder
 * @param onAddress - a pasted or dropped link
 * @returns whether something that could be dropped hovers over the page
 */
export function usePageInput(onFiles: (files: File[]) => void, onAddress: (address: string) => void): boolean {
  const [hovering, setHovering] = useState(false);

  const take = useEffectEvent(async (data: DataTransfer) => {
    const address = (data.getData("text/uri-list") || data.getData("text/plain")).trim();
    const files = await readDropped(data);
    if (files.length > 0) onFiles(files);
    else if (/^https?:\/\/\S+$/.test(address)) onAddress(address);
  });

  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      const types = event.dataTransfer?.types ?? [];
      if (!types.includes("Files") && !types.includes("text/uri-list")) return;
      event.preventDefault();
      setHovering(true);
    };
    const onDragLeave = (event: DragEvent) => {
      // Only when the pointer leaves the window: moving between elements fires it too.
      if (event.relatedTarget === null) setHovering(false);
    };
    const onDrop = (event: DragEvent) => {
      event.preventDefault();
      setHovering(false);
      if (event.dataTransfer) void take(event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent) => {
      const field = event.target instanceof Element && event.target.closest("input, textarea, [contenteditable]");
      if (!field && event.clipboardData) void take(event.clipboardData);
    };
    addEventListener("dragover", onDragOver);
    addEventListener("dragleave", onDragLeave);
    addEventListener("drop", onDrop);
    addEventListener("paste", onPaste);
    return () => {
      removeEventListener("dragover", onDragOver);
      removeEventListener("dragleave", onDragLeave);
      removeEventListener("drop", onDrop);
      removeEventListener("paste", onPaste);
    };
  }, []);

  return hovering;
}
