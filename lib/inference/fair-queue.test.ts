import { describe, expect, it } from "vitest";
import { FairQueue } from "./fair-queue";

function filled(items: Readonly<Record<string, number>>): FairQueue<string> {
  const queue = new FairQueue<string>();
  for (const [client, count] of Object.entries(items)) {
    for (let item = 1; item <= count; item += 1) queue.push(client, `${client}${item}`);
  }
  return queue;
}

describe("FairQueue", () => {
  it("lets clients take turns, each client's items in their order", () => {
    const queue = filled({ a: 4, b: 1, c: 2 });
    expect(queue.size).toBe(7);
    expect(queue.take(5)).toEqual(["a1", "b1", "c1", "a2", "c2"]);
    expect(queue.take(5)).toEqual(["a3", "a4"]);
    expect([queue.size, queue.take(1)]).toEqual([0, []]);
  });

  it("serves a client that comes later after one item of another that has many", () => {
    const queue = filled({ a: 500 });
    queue.push("b", "b1");
    expect(queue.take(2)).toEqual(["a1", "b1"]);
  });

  it("goes on with whose turn it is, from one time to the next", () => {
    const queue = filled({ a: 3, b: 3 });
    expect(queue.take(1)).toEqual(["a1"]);
    expect(queue.take(3)).toEqual(["b1", "a2", "b2"]);
  });

  it("puts back what was taken in front, and takes out what is no longer wanted", () => {
    const queue = filled({ a: 2, b: 2 });
    const [first = ""] = queue.take(1);
    queue.unshift("a", first);
    queue.unshift("c");
    queue.remove("b", "b1");
    queue.remove("b", "not there");
    queue.remove("c", "c1");
    expect(queue.size).toBe(3);
    expect(queue.take(4)).toEqual(["b2", "a1", "a2"]);
  });
});
