import { describe, expect, it } from "vitest";
import { ByteBudget } from "./limits";

describe("ByteBudget", () => {
  it("refuses what does not fit until something is given back", () => {
    const budget = new ByteBudget(100);
    const release = budget.reserve(60);
    budget.reserve(40);
    expect(() => budget.reserve(1)).toThrow(expect.objectContaining({ code: "overloaded", status: 503 }));
    release();
    release();
    expect(budget.held).toBe(40);
    expect(() => budget.reserve(60)).not.toThrow();
  });
});
