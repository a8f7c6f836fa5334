/**
 * The three matrix products of a layer, over rows that lie one after the other. They add to what is there, allocate nothing, and
 * take most of the time of training: that is why two of them go four steps at a time.
 */

/**
 * out += input · weightsᵀ
 *
 * @param weights - [columns, inner]
 * @param input - [rows, inner]
 * @param out - [rows, columns]
 */
export function addProduct(
  weights: Float64Array,
  input: Float64Array,
  out: Float64Array,
  inner: number,
  columns: number,
): void {
  const rows = out.length / columns;
  const whole = inner - (inner % 4);
  for (let row = 0; row < rows; row += 1) {
    const from = row * inner;
    for (let column = 0; column < columns; column += 1) {
      const at = column * inner;
      // Four sums that do not wait for one another.
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let j = 0;
      for (; j < whole; j += 4) {
        a += (weights[at + j] as number) * (input[from + j] as number);
        b += (weights[at + j + 1] as number) * (input[from + j + 1] as number);
        c += (weights[at + j + 2] as number) * (input[from + j + 2] as number);
        d += (weights[at + j + 3] as number) * (input[from + j + 3] as number);
      }
      for (; j < inner; j += 1) a += (weights[at + j] as number) * (input[from + j] as number);
      const place = row * columns + column;
      out[place] = (out[place] as number) + (a + b + (c + d));
    }
  }
}

/**
 * inputGradient += gradient · weights: back through `addProduct` to its input.
 *
 * @param gradient - [rows, columns], of `out`
 */
export function addProductBack(
  weights: Float64Array,
  gradient: Float64Array,
  inputGradient: Float64Array,
  inner: number,
  columns: number,
): void {
  const rows = gradient.length / columns;
  for (let row = 0; row < rows; row += 1) {
    const to = row * inner;
    for (let column = 0; column < columns; column += 1) {
      const slope = gradient[row * columns + column] as number;
      const at = column * inner;
      for (let j = 0; j < inner; j += 1) {
        inputGradient[to + j] = (inputGradient[to + j] as number) + slope * (weights[at + j] as number);
      }
    }
  }
}

/**
 * weightGradient += gradientᵀ · input: back through `addProduct` to its weights.
 *
 * @param gradient - [rows, columns], of `out`
 */
export function addOuterProduct(
  gradient: Float64Array,
  input: Float64Array,
  weightGradient: Float64Array,
  inner: number,
  columns: number,
): void {
  const rows = gradient.length / columns;
  for (let column = 0; column < columns; column += 1) {
    const at = column * inner;
    for (let row = 0; row < rows; row += 1) {
      const slope = gradient[row * columns + column] as number;
      const from = row * inner;
      for (let j = 0; j < inner; j += 1) {
        weightGradient[at + j] = (weightGradient[at + j] as number) + slope * (input[from + j] as number);
      }
    }
  }
}

/** Each row of `out` [rows, columns] becomes `bias` [columns]. */
export function setRows(out: Float64Array, bias: Float64Array): void {
  for (let at = 0; at < out.length; at += bias.length) out.set(bias, at);
}

/** biasGradient [columns] += the sum of the rows of `gradient` [rows, columns]. */
export function addRows(gradient: Float64Array, biasGradient: Float64Array): void {
  const columns = biasGradient.length;
  for (let place = 0; place < gradient.length; place += 1) {
    const column = place % columns;
    biasGradient[column] = (biasGradient[column] as number) + (gradient[place] as number);
  }
}
