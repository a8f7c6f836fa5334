/** The visitor's own hand, kept on this device alone (IndexedDB). */
import { type DBSchema, openDB } from "idb";
import type { OwnHand } from "./own-hand";

interface Schema extends DBSchema {
  hands: { key: string; value: OwnHand };
}

/** There is one. */
const OWN = "own";

async function withStore<Value>(
  work: (database: Awaited<ReturnType<typeof openDB<Schema>>>) => Promise<Value>,
): Promise<Value> {
  const database = await openDB<Schema>("inkling-hand", 1, {
    upgrade(db) {
      db.createObjectStore("hands");
    },
  });
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

export function readHand(): Promise<OwnHand | null> {
  return withStore(async (database) => (await database.get("hands", OWN)) ?? null);
}

/** @param hand - null removes what was kept */
export function storeHand(hand: OwnHand | null): Promise<void> {
  return withStore(async (database) => {
    if (hand) await database.put("hands", hand, OWN);
    else await database.delete("hands", OWN);
  });
}
