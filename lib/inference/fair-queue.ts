/** A queue in which clients take turns (round robin): however much one of them adds, another's first item is next but one. */
export class FairQueue<Item> {
  /** Whose turn it is next comes first; each has at least one item. */
  readonly #turns = new Map<string, Item[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds an item behind its client's others. */
  push(client: string, item: Item): void {
    this.#itemsOf(client).push(item);
    this.#size += 1;
  }

  /** Puts items that were taken before back in front of their client's others. */
  unshift(client: string, ...items: readonly Item[]): void {
    if (items.length === 0) return;
    this.#itemsOf(client).unshift(...items);
    this.#size += items.length;
  }

  /** The next items, one client's after the other's, at most `count`. */
  take(count: number): Item[] {
    const taken: Item[] = [];
    while (taken.length < count) {
      const [turn] = this.#turns;
      if (!turn) break;
      const [client, items] = turn;
      taken.push(items.shift() as Item);
      this.#turns.delete(client);
      if (items.length > 0) this.#turns.set(client, items);
    }
    this.#size -= taken.length;
    return taken;
  }

  /** Takes one item out, if it is there. */
  remove(client: string, item: Item): void {
    const items = this.#turns.get(client);
    const place = items?.indexOf(item) ?? -1;
    if (!items || place < 0) return;
    items.splice(place, 1);
    if (items.length === 0) this.#turns.delete(client);
    this.#size -= 1;
  }

  #itemsOf(client: string): Item[] {
    const items = this.#turns.get(client) ?? [];
    this.#turns.set(client, items);
    return items;
  }
}
