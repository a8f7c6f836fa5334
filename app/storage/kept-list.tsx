"use client";

import { QueryClientProvider, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/lib/ui/button";
import { formatBytes } from "@/lib/ui/format";
import { createQueryClient } from "@/lib/ui/run/query-client";
import type { Kept, ServedModel } from "./inventory";

/** @param models - all that the server has, of which this device may keep some */
export function KeptList({ models }: { models: readonly ServedModel[] }) {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      <Room />
      <Groups models={models} />
    </QueryClientProvider>
  );
}

const ROOM = ["room"];
const INVENTORY = ["inventory"];

/** How much there is room for, and whether the browser may empty it by itself. */
function Room() {
  const client = useQueryClient();
  const [refused, setRefused] = useState(false);
  const { data } = useQuery({
    queryKey: ROOM,
    queryFn: async () => {
      // Absent outside https and localhost.
      const storage = navigator.storage as StorageManager | undefined;
      return { ...(await storage?.estimate()), persisted: (await storage?.persisted?.()) ?? false };
    },
  });
  const persist = async () => {
    setRefused(!(await navigator.storage?.persist?.()));
    await client.invalidateQueries({ queryKey: ROOM });
  };
  if (!data) return <p className="mt-8 min-h-24 text-ink-soft">Looking…</p>;
  const { usage, quota, persisted } = data;
  return (
    <section aria-label="Room" className="mt-8 min-h-24 border-ink border-l-2 pl-4">
      {usage !== undefined && quota !== undefined && (
        <p className="numbers font-serif text-xl">
          {formatBytes(usage)} of the {formatBytes(quota)} that this browser gives.
        </p>
      )}
      {persisted ? (
        <p className="mt-1 text-ink-soft text-sm">It stays until you remove it.</p>
      ) : (
        <>
          <p className="mt-1 text-ink-soft text-sm">
            The browser may remove it by itself when the device runs out of room.
          </p>
          <Button className="mt-3" onClick={() => void persist()}>
            Keep it
          </Button>
        </>
      )}
      <p role="status" className="mt-2 text-sm empty:hidden">
        {refused && "The browser did not agree. It does so more readily for an app that is installed."}
      </p>
    </section>
  );
}

interface Removed {
  readonly title: string;
  /** Absent where only another download brings it back. */
  readonly restore?: () => Promise<void>;
}

function Groups({ models }: { models: readonly ServedModel[] }) {
  const client = useQueryClient();
  const [removed, setRemoved] = useState<Removed>();
  const [failed, setFailed] = useState(false);
  const { data: groups, error } = useQuery({
    queryKey: INVENTORY,
    queryFn: async () => (await import("./inventory")).takeInventory(models),
  });
  const look = () => client.invalidateQueries();

  async function change(make: () => Promise<Removed | undefined>) {
    try {
      setRemoved(await make());
      setFailed(false);
    } catch {
      setFailed(true);
    }
    await look();
  }
  const remove = ({ title, remove: removeIt }: Kept) => change(async () => ({ title, restore: await removeIt() }));
  const restore = () =>
    change(async () => {
      await removed?.restore?.();
      return undefined;
    });

  return (
    <div className="min-h-96">
      <p role="status" className="mt-6 min-h-8 text-sm">
        {failed &&
          "The browser did not let go of it, or has no room to bring it back. Open the page again, then try once more. "}
        {removed && (
          <>
            Removed: {removed.title}.{" "}
            {removed.restore && (
              <Button look="text" onClick={() => void restore()}>
                Undo
              </Button>
            )}
          </>
        )}
      </p>
      {error && <p className="text-ink-soft">This browser does not say what it keeps (a private window, perhaps).</p>}
      {groups?.length === 0 && <p className="text-ink-soft">Nothing is kept on this device.</p>}
      {groups?.map(({ title, items }) => (
        <section key={title} aria-label={title} className="mt-4">
          <h2 className="text-2xl">{title}</h2>
          <ul className="mt-2">
            {items.map((kept) => (
              <li
                key={kept.id}
                className="grid grid-cols-[1fr_auto_auto] items-baseline gap-x-5 border-hairline border-t py-2.5"
              >
                <p>
                  {kept.title} <span className="text-ink-soft text-note">{kept.detail}</span>
                </p>
                <p className="numbers text-ink-soft text-sm">{formatBytes(kept.bytes)}</p>
                <Button look="text" aria-label={`Remove ${kept.title}`} onClick={() => void remove(kept)}>
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
