import { expect, it } from "vitest";
import { addOuterProduct, addProduct, addProductBack } from "./matrix";
import { createRandom } from "./random";

// Counts above, below and at a multiple of the four that go together.
const SIZES = [1, 3, 4, 6, 9];
const CASES = SIZES.flatMap((rows) =>
  SIZES.flatMap((inner) => SIZES.map((columns) => [rows, inner, columns] as const)),
);

it.each(CASES)("multiplies %d rows of %d numbers into %d columns, and back", (rows, inner, columns) => {
  const random = createRandom(rows * 100 + inner * 10 + columns);
  const draw = (count: number) => Float64Array.from({ length: count }, () => 2 * random() - 1);
  const weights = draw(columns * inner);
  const input = draw(rows * inner);
  const gradient = draw(rows * columns);
  const before = [draw(rows * columns), draw(rows * inner), draw(columns * inner)] as const;
  const [out, inputGradient, weightGradient] = before.map((array) => array.slice()) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  addProduct(weights, input, out, inner, columns);
  addProductBack(weights, gradient, inputGradient, inner, columns);
  addOuterProduct(gradient, input, weightGradient, inner, columns);

  const expected = before.map((array) => array.slice()) as [Float64Array, Float64Array, Float64Array];
  const add = (to: Float64Array, at: number, value: number) => {
    to[at] = (to[at] ?? 0) + value;
  };
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      for (let j = 0; j < inner; j += 1) {
        const [w, x, g] = [
          weights[column * inner + j] ?? 0,
          input[row * inner + j] ?? 0,
          gradient[row * columns + column] ?? 0,
        ];
        add(expected[0], row * columns + column, w * x);
        add(expected[1], row * inner + j, w * g);
        add(expected[2], column * inner + j, x * g);
      }
    }
  }
  for (const [own, right] of [
    [out, expected[0]],
    [inputGradient, expected[1]],
    [weightGradient, expected[2]],
  ] as const) {
    own.forEach((value, place) => {
      expect(value).toBeCloseTo(right[place] ?? Number.NaN, 12);
    });
  }
});
