import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_BEAM_WIDTH } from "@/lib/captioning/options";
import { RUN_ON } from "@/lib/ui/run/measured-times";
import { formatShared, parseShared } from "./settings";

const parse = (query: string) => parseShared(Object.fromEntries(new URLSearchParams(query)));

describe("a share link", () => {
  it("brings back what it was made from", () => {
    const settings = fc
      .record({
        beamWidth: fc.integer({ min: 1, max: MAX_BEAM_WIDTH }),
        rerank: fc.boolean(),
        photo: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
        runOn: fc.option(fc.constantFrom(...RUN_ON), { nil: undefined }),
      })
      .chain((rest) => fc.record({ ...constants(rest), count: fc.integer({ min: 1, max: rest.beamWidth }) }));
    fc.assert(
      fc.property(settings, (shared) => {
        expect(parse(formatShared(shared))).toEqual(shared);
      }),
    );
  });

  it("opens with the defaults where it says nothing or nonsense", () => {
    const defaults = { beamWidth: 4, count: 3, rerank: true, photo: undefined, runOn: undefined };
    expect(parse("")).toEqual(defaults);
    expect(parse("beamWidth=11&count=-1&runOn=moon")).toEqual(defaults);
    expect(parse("beamWidth=2.5&count=abc")).toEqual(defaults);
    expect(parseShared({ beamWidth: ["2", "3"] })).toEqual(defaults);
  });

  it("asks for no more captions than the beam holds", () => {
    expect(parse("beamWidth=2")).toMatchObject({ beamWidth: 2, count: 2 });
    expect(parse("beamWidth=2&count=5")).toMatchObject({ beamWidth: 2, count: 2 });
  });
});

function constants<Fields extends Record<string, unknown>>(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, fc.constant(value)])) as {
    [Key in keyof Fields]: fc.Arbitrary<Fields[Key]>;
  };
}
