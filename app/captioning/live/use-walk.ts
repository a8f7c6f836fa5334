"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { WalkEntry } from "@/lib/captioning/live/walk";
import type { LiveEntry } from "./live-session";

export interface WalkItem extends WalkEntry {
  /** Address of the frame on this page. */
  readonly url: string;
}

/** More than ten minutes' worth. The oldest beyond it are dropped: a phone has not the room for a day. */
const KEPT = 500;

/** What was seen, oldest first; it lasts as long as the page. */
export function useWalk() {
  const [items, setItems] = useState<readonly WalkItem[]>([]);
  /** What was removed last, to bring it back. */
  const [removed, setRemoved] = useState<readonly WalkItem[]>([]);
  const lastId = useRef(0);
  /** The last item that is in a file as well. */
  const [keptId, setKeptId] = useState(0);
  const urls = useRef(new Set<string>());

  useEffect(() => {
    const all = urls.current;
    return () => {
      for (const url of all) URL.revokeObjectURL(url);
      all.clear();
    };
  }, []);

  const forget = useCallback((dropped: readonly WalkItem[]) => {
    for (const { url } of dropped) {
      URL.revokeObjectURL(url);
      urls.current.delete(url);
    }
  }, []);

  const add = useCallback(
    ({ blob, ...entry }: LiveEntry) => {
      const url = URL.createObjectURL(blob);
      urls.current.add(url);
      const item: WalkItem = { ...entry, frame: blob, url, id: ++lastId.current };
      setItems((current) => {
        // Revoking twice does no harm: React may run this twice.
        forget(current.slice(0, Math.max(0, current.length + 1 - KEPT)));
        return [...current, item].slice(-KEPT);
      });
    },
    [forget],
  );

  const clear = () => {
    if (items.length === 0) return;
    forget(removed);
    setRemoved(items);
    setItems([]);
  };
  const restore = () => {
    setItems([...removed, ...items]);
    setRemoved([]);
  };

  const isUnkept = (items.at(-1)?.id ?? 0) > keptId;
  useEffect(() => {
    if (!isUnkept) return;
    // The browser asks whether to leave.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isUnkept]);

  return {
    items,
    add,
    clear,
    restore: removed.length > 0 ? restore : undefined,
    /** All of it is in a file now. */
    markKept: () => setKeptId(lastId.current),
  };
}
