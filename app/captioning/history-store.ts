/** Earlier results, kept on this device alone (IndexedDB). */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { CaptioningResponse } from "@/app/api/captioning/schema";
import type { Place } from "./measured-times";
import type { CaptionSettings } from "./settings";

export interface HistoryEntry {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly name: string;
  /** The sample that it was, if it was one. */
  readonly sample?: string;
  /** A small copy of the photo. */
  readonly picture: Blob;
  readonly width: number;
  readonly height: number;
  readonly settings: CaptionSettings;
  readonly place: Place;
  readonly milliseconds: number;
  readonly response: CaptioningResponse;
}

interface Schema extends DBSchema {
  captions: { key: string; value: HistoryEntry; indexes: { time: number } };
}

/** The oldest beyond this are dropped. */
const KEPT = 60;

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("inkling", 1, {
    upgrade(db) {
      db.createObjectStore("captions", { keyPath: "id" }).createIndex("time", "time");
    },
  }).catch((cause) => {
    opened = undefined;
    throw cause;
  });
  return opened;
}

export async function addToHistory(entry: HistoryEntry): Promise<void> {
  const transaction = (await database()).transaction("captions", "readwrite");
  await transaction.store.put(entry);
  const keys = await transaction.store.index("time").getAllKeys();
  await Promise.all(keys.slice(0, -KEPT).map((key) => transaction.store.delete(key)));
  await transaction.done;
}

/** The newest first. */
export async function readHistory(): Promise<HistoryEntry[]> {
  return (await (await database()).getAllFromIndex("captions", "time")).reverse();
}

export async function removeFromHistory(id: string): Promise<void> {
  await (await database()).delete("captions", id);
}

export async function clearHistory(): Promise<void> {
  await (await database()).clear("captions");
}
