"use client";

import { useEffect, useState } from "react";
import { Button } from "./button";

/** Has the app kept on this device, and says when a newer version of it is ready. */
export function UpdatePrompt() {
  const [take, setTake] = useState<() => void>();

  useEffect(() => {
    // The development server has no service worker.
    if (process.env.NODE_ENV !== "production" || !("serviceWorker" in navigator)) return;
    const watch = async () => {
      const { watchUpdates } = await import("./watch-updates");
      await watchUpdates((next) => setTake(() => next));
    };
    // It must not take the network or the processor from the page.
    const start = () => void watch().catch((cause) => console.warn("The app could not be kept on this device.", cause));
    if (document.readyState === "complete") start();
    else addEventListener("load", start, { once: true });
    return () => removeEventListener("load", start);
  }, []);

  return (
    <div role="status" className="print:hidden">
      {take && (
        // Where the window is narrow at the top: at the bottom a page has what one does next.
        <div className="fixed inset-x-4 top-4 z-40 flex flex-wrap items-baseline gap-x-5 gap-y-2 border border-ink bg-paper px-5 py-3.5 lg:top-auto lg:right-auto lg:bottom-4">
          <p>A new version is ready.</p>
          <Button look="main" className="py-1.5" onClick={take}>
            Reload
          </Button>
          <Button look="text" onClick={() => setTake(undefined)}>
            Later
          </Button>
        </div>
      )}
    </div>
  );
}
