/** Earlier results, kept on this device alone (IndexedDB). */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Place } from "./measured-times";

export interface HistoryEntry<Settings = unknown, Response = unknown> {
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
  readonly settings: Settings;
  readonly place: Place;
  readonly milliseconds: number;
  readonly response: Response;
}

interface Store {
  key: string;
  value: HistoryEntry;
  indexes: { time: number };
}

interface Schema extends DBSchema {
  captions: Store;
  answers: Store;
  writings: Store;
}

/** What the results of a page are kept under. */
export type HistoryName = "captions" | "answers" | "writings";

export const HISTORY_NAMES: readonly HistoryName[] = ["captions", "answers", "writings"];

/** The oldest beyond this are dropped. */
const KEPT = 60;

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("inkling", 3, {
    upgrade(db) {
      for (const name of HISTORY_NAMES) {
        if (!db.objectStoreNames.contains(name))
          db.createObjectStore(name, { keyPath: "id" }).createIndex("time", "time");
      }
    },
    // Another tab brings a newer version: this one makes room.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opened = undefined;
    },
  }).catch((cause) => {
    opened = undefined;
    throw cause;
  });
  return opened;
}

export async function addToHistory(name: HistoryName, entry: HistoryEntry): Promise<void> {
  const transaction = (await database()).transaction(name, "readwrite");
  await transaction.store.put(entry);
  const keys = await transaction.store.index("time").getAllKeys();
  await Promise.all(keys.slice(0, -KEPT).map((key) => transaction.store.delete(key)));
  await transaction.done;
}

/** The newest first. */
export async function readHistory(name: HistoryName): Promise<HistoryEntry[]> {
  return (await (await database()).getAllFromIndex(name, "time")).reverse();
}

/** Removes these entries. `restoreToHistory` brings them back. */
export async function removeFromHistory(name: HistoryName, entries: readonly HistoryEntry[]): Promise<void> {
  const transaction = (await database()).transaction(name, "readwrite");
  await Promise.all(entries.map(({ id }) => transaction.store.delete(id)));
  await transaction.done;
}

export async function restoreToHistory(name: HistoryName, entries: readonly HistoryEntry[]): Promise<void> {
  const transaction = (await database()).transaction(name, "readwrite");
  await Promise.all(entries.map((entry) => transaction.store.put(entry)));
  await transaction.done;
}
