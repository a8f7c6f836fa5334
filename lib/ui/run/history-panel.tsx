"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Image from "next/image";
import { useEffect, useState } from "react";
import { Button } from "../button";
import { type Photo, samplePhoto } from "../photo/photo";
import { findSample } from "../photo/samples";
import { type HistoryEntry, type HistoryName, readHistory, removeFromHistory, restoreToHistory } from "./history-store";

/**
 * Earlier results, which never left this device.
 *
 * @typeParam Entry - what the page has kept under this name
 * @param title - an entry in words
 * @param empty - what to say where there is none
 * @param whole - whether pictures are shown with all that is on them
 */
export function HistoryPanel<Entry extends HistoryEntry>({
  name,
  title,
  empty,
  whole = false,
  onOpen,
}: {
  name: HistoryName;
  title: (entry: Entry) => string;
  empty: string;
  whole?: boolean;
  onOpen: (entry: Entry, photo: Photo) => void;
}) {
  const client = useQueryClient();
  const [removed, setRemoved] = useState<readonly Entry[]>([]);
  const queryKey = ["history", name];
  const { data: entries = [], error } = useQuery({
    queryKey,
    queryFn: async () => (await readHistory(name)) as Entry[],
  });

  async function change(work: Promise<void>, gone: readonly Entry[]) {
    setRemoved(gone);
    await work.catch(() => {});
    await client.invalidateQueries({ queryKey });
  }

  const remove = (gone: readonly Entry[]) => void change(removeFromHistory(name, gone), gone);

  if (error) return <p className="text-ink-soft text-sm">This browser keeps no history (a private window, perhaps).</p>;
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-6 text-ink-soft text-sm">
        <p className="mr-auto">{entries.length > 0 ? "Kept on this device alone; the latest sixty." : empty}</p>
        <p role="status">
          {removed.length > 0 && (
            <>
              {removed.length === 1 ? "One removed." : `${removed.length} removed.`}{" "}
              <Button
                look="text"
                aria-keyshortcuts="z"
                onClick={() => void change(restoreToHistory(name, removed), [])}
              >
                Undo
              </Button>
            </>
          )}
        </p>
        {entries.length > 0 && (
          <Button look="text" onClick={() => remove(entries)}>
            Remove all
          </Button>
        )}
      </div>
      <ul
        aria-label="Earlier results"
        hidden={entries.length === 0}
        className="mt-4 grid gap-x-6 gap-y-5 sm:grid-cols-2 lg:grid-cols-3"
      >
        {entries.map((entry) => (
          <li key={entry.id} className="grid grid-cols-[5rem_1fr] gap-4 border-hairline border-t pt-4">
            <Picture entry={entry} whole={whole} />
            <div className="min-w-0">
              <button
                type="button"
                className="text-left font-serif text-lg leading-snug"
                onClick={() => onOpen(entry, photoOf(entry))}
              >
                {title(entry)}
              </button>
              <p className="mt-1 flex flex-wrap items-baseline gap-x-4 text-ink-soft text-note">
                <time dateTime={new Date(entry.time).toISOString()}>
                  {new Date(entry.time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}
                </time>
                {entry.place === "server" ? "server" : "this device"}
                <Button
                  look="text"
                  aria-label={`Remove “${title(entry)}”`}
                  className="text-note"
                  onClick={() => remove([entry])}
                >
                  Remove
                </Button>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function photoOf({ id, name, sample, picture, width, height }: HistoryEntry): Photo {
  const known = sample ? findSample(sample) : undefined;
  if (known) return samplePhoto(known);
  return { id, name, url: URL.createObjectURL(picture), width, height, read: async () => picture };
}

function Picture({ entry: { picture, name }, whole }: { entry: HistoryEntry; whole: boolean }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(picture);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  return (
    <div className={`aspect-square overflow-hidden ${whole ? "bg-white" : "bg-paper-deep"}`}>
      {url && (
        <Image
          src={url}
          alt={name}
          width={80}
          height={80}
          unoptimized
          className={`size-full ${whole ? "object-contain" : "object-cover"}`}
        />
      )}
    </div>
  );
}
