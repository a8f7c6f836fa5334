import { describe, expect, it } from "vitest";
import { ByteBudget } from "./limits";

describe("ByteBudget", () => {
  it("refuses what does not fit until something is given back", () => {
    const budget = new ByteBudget(100);
    const [first, second] = [budget.open(), budget.open()];
    first.add(50);
    first.add(10);
    second.add(40);
    expect(() => second.add(1)).toThrow(expect.objectContaining({ code: "overloaded", status: 503 }));
    first.release();
    first.release();
    expect(budget.held).toBe(40);
    expect(() => second.add(60)).not.toThrow();
  });
});
