"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

const EVERY_S = 10;

/** Has the page brought up to date while it is looked at, unless the visitor wants it to stand still. */
export function Refresh() {
  const router = useRouter();
  const [on, setOn] = useState(true);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => document.visibilityState === "visible" && router.refresh(), EVERY_S * 1000);
    return () => clearInterval(timer);
  }, [on, router]);
  return (
    <label className="mt-3 inline-flex items-center gap-2 text-ink-soft text-note">
      <input type="checkbox" checked={on} onChange={(event) => setOn(event.target.checked)} className="accent-ink" />
      Bring up to date every {EVERY_S} seconds
    </label>
  );
}
