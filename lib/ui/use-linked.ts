"use client";

import { useEffectEvent, useLayoutEffect, useState } from "react";

/**
 * What the page's address says. Without a network the page is the one that is kept for the bare address, whatever the link said.
 *
 * @param rendered - what the server read in the address
 * @param parse - reads an address's query
 * @returns `rendered` itself where the server has read this very address, and until the page is hydrated
 */
export function useLinked<Shared>(
  rendered: Shared,
  parse: (query: Readonly<Record<string, string>>) => Shared,
): Shared {
  const [linked, setLinked] = useState<Shared>();
  const compare = useEffectEvent(() => {
    const asked = parse(Object.fromEntries(new URLSearchParams(location.search)));
    if (JSON.stringify(asked) !== JSON.stringify(rendered)) setLinked(asked);
  });
  // Before anything can be typed, which another page would not have.
  useLayoutEffect(() => compare(), []);
  return linked ?? rendered;
}
