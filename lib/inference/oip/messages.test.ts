import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage, type WireTensors } from "./messages";

const TENSORS: WireTensors = {
  flags: { type: "bool", data: Uint8Array.of(1, 0), dims: [2] },
  bytes: { type: "uint8", data: Uint8Array.of(255), dims: [1] },
  ids: { type: "int32", data: Int32Array.of(-1, 2 ** 31 - 1), dims: [2, 1] },
  longs: { type: "int64", data: BigInt64Array.of(-5n), dims: [1] },
  floats: { type: "float32", data: Float32Array.of(0.1, -2, 3.5e9), dims: [1, 3] },
  doubles: { type: "float64", data: Float64Array.of(0.1), dims: [] },
  words: { type: "string", data: ["a dog", "", "Größe 🐶"], dims: [3] },
  none: { type: "float32", data: new Float32Array(0), dims: [0, 49] },
};

const bytesOf = (value: unknown) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const decode = (value: unknown, jsonBytes?: number) => decodeMessage(bytesOf(value), "inputs", jsonBytes);

describe("encodeMessage and decodeMessage", () => {
  it.each([
    ["as JSON", () => false],
    ["as bytes", () => true],
    ["as both", (name: string) => name > "f"],
  ])("give back every datatype %s", (_, isBinary) => {
    const { body, jsonBytes } = encodeMessage({ id: "7" }, "outputs", TENSORS, isBinary);
    const { header, tensors } = decodeMessage(body, "outputs", jsonBytes);
    expect(header).toEqual({ id: "7" });
    expect({ ...tensors }).toEqual(TENSORS);
  });

  it("write what the protocol's documents show", () => {
    const x = { type: "float32", data: Float32Array.of(1, 2), dims: [1, 2] } as const;
    const word = { type: "string", data: ["hi"], dims: [1] } as const;
    expect(JSON.parse(new TextDecoder().decode(encodeMessage({}, "inputs", { x }, () => false).body))).toEqual({
      inputs: [{ name: "x", shape: [1, 2], datatype: "FP32", data: [1, 2] }],
    });
    const { body, jsonBytes } = encodeMessage({}, "inputs", { x, word }, () => true);
    expect(JSON.parse(new TextDecoder().decode(body.subarray(0, jsonBytes)))).toEqual({
      inputs: [
        { name: "x", shape: [1, 2], datatype: "FP32", parameters: { binary_data_size: 8 } },
        { name: "word", shape: [1], datatype: "BYTES", parameters: { binary_data_size: 6 } },
      ],
    });
    expect([...body.subarray(jsonBytes)]).toEqual([0, 0, 128, 63, 0, 0, 0, 64, 2, 0, 0, 0, 104, 105]);
  });

  it("read nested lists as row-major order", () => {
    const { tensors } = decode({
      inputs: [
        {
          name: "x",
          shape: [2, 2],
          datatype: "INT32",
          data: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
    });
    expect(tensors.x).toEqual({ type: "int32", data: Int32Array.of(1, 2, 3, 4), dims: [2, 2] });
  });

  const tensor = { name: "x", shape: [1], datatype: "FP32", data: [1] };
  it.each([
    ["no JSON", "{", /not JSON/],
    ["a list", [], /not an object/],
    ["no inputs", {}, /no list named inputs/],
    ["a hundred tensors", { inputs: Array.from({ length: 100 }, () => tensor) }, /more than 64/],
    ["a tensor twice", { inputs: [tensor, tensor] }, /two inputs named x/],
    ["an unknown datatype", { inputs: [{ ...tensor, datatype: "FP12" }] }, /inputs\.0\.datatype/],
    ["a negative size", { inputs: [{ ...tensor, shape: [-1] }] }, /inputs\.0\.shape\.0/],
    ["too few numbers", { inputs: [{ ...tensor, shape: [2] }] }, /has 1 elements/],
    ["text among numbers", { inputs: [{ ...tensor, data: ["1"] }] }, /no FP32/],
    ["null among numbers", { inputs: [{ ...tensor, data: [null] }] }, /no FP32/],
    ["a fraction among integers", { inputs: [{ ...tensor, datatype: "INT32", data: [0.5] }] }, /no INT32/],
    ["an integer that is too large", { inputs: [{ ...tensor, datatype: "INT32", data: [2 ** 31] }] }, /no INT32/],
    ["no data", { inputs: [{ ...tensor, data: undefined }] }, /either data or/],
    ["data twice", { inputs: [{ ...tensor, parameters: { binary_data_size: 4 } }] }, /either data or/],
    [
      "bytes that are not there",
      { inputs: [{ ...tensor, data: undefined, parameters: { binary_data_size: 4 } }] },
      /ends before/,
    ],
  ])("refuse %s", (_, message, detail) => {
    expect(() => decode(message)).toThrow(detail);
  });

  it("refuse bytes that do not make the shape, that belong to no tensor, or that end within a string", () => {
    const binary = (datatype: string, size: number) =>
      JSON.stringify({ inputs: [{ name: "x", shape: [1], datatype, parameters: { binary_data_size: size } }] });
    const refused = (text: string, behind: string) => () => decode(text + behind, text.length);
    expect(refused(binary("FP32", 3), "abc")).toThrow(/3 bytes where its shape and datatype make 4/);
    expect(refused(binary("FP32", 4), "abcde")).toThrow(/1 bytes belong to none/);
    expect(refused(binary("BYTES", 5), "\x09\0\0\0a")).toThrow(/ends within a string/);
    expect(refused(binary("BYTES", 2), "\x09\0")).toThrow(/ends within a string/);
    expect(refused(binary("BOOL", 1), "\x02")).toThrow(/beside 0 and 1/);
    expect(() => decode("{}", 9)).toThrow(/ends behind the body/);
  });

  it("never fail in another way, whatever comes", () => {
    const { body, jsonBytes } = encodeMessage({}, "inputs", TENSORS, (name) => name < "f");
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { maxLength: 5 }),
        fc.option(fc.nat(body.length + 5), { nil: jsonBytes }),
        (changes, length) => {
          const mutated = body.slice();
          for (const [at, value] of changes) mutated[at] = value;
          try {
            decodeMessage(mutated, "inputs", length);
          } catch (thrown) {
            expect(thrown).toMatchObject({ name: "InklingError", status: 400 });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
