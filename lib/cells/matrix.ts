/**
 * The three matrix products of a layer, over rows that lie one after the other. They add to what is there and allocate nothing.
 * Most of the time of training passes in them: each takes four columns or rows at once, so that a number that was loaded serves
 * four products.
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
  const whole = columns - (columns % 4);
  for (let from = 0, to = 0; to < out.length; from += inner, to += columns) {
    let column = 0;
    for (; column < whole; column += 4) {
      const at = column * inner;
      let a = out[to + column] as number;
      let b = out[to + column + 1] as number;
      let c = out[to + column + 2] as number;
      let d = out[to + column + 3] as number;
      for (let j = 0; j < inner; j += 1) {
        const x = input[from + j] as number;
        a += x * (weights[at + j] as number);
        b += x * (weights[at + inner + j] as number);
        c += x * (weights[at + 2 * inner + j] as number);
        d += x * (weights[at + 3 * inner + j] as number);
      }
      out[to + column] = a;
      out[to + column + 1] = b;
      out[to + column + 2] = c;
      out[to + column + 3] = d;
    }
    for (; column < columns; column += 1) {
      let sum = out[to + column] as number;
      for (let j = 0; j < inner; j += 1) {
        sum += (input[from + j] as number) * (weights[column * inner + j] as number);
      }
      out[to + column] = sum;
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
  for (let from = 0, to = 0; from < gradient.length; from += columns, to += inner) {
    addCombination(gradient, from, 1, columns, weights, inner, inputGradient, to);
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
    addCombination(gradient, column, columns, rows, input, inner, weightGradient, column * inner);
  }
}

/**
 * Adds a linear combination of vectors to a vector: out[to + j] += Σ_k factors[from + k·stride] · vectors[k·inner + j],
 * for k below `count` and j below `inner`.
 */
function addCombination(
  factors: Float64Array,
  from: number,
  stride: number,
  count: number,
  vectors: Float64Array,
  inner: number,
  out: Float64Array,
  to: number,
): void {
  const whole = count - (count % 4);
  let k = 0;
  for (; k < whole; k += 4) {
    const at = k * inner;
    const place = from + k * stride;
    const a = factors[place] as number;
    const b = factors[place + stride] as number;
    const c = factors[place + 2 * stride] as number;
    const d = factors[place + 3 * stride] as number;
    for (let j = 0; j < inner; j += 1) {
      out[to + j] =
        (out[to + j] as number) +
        (a * (vectors[at + j] as number) + b * (vectors[at + inner + j] as number)) +
        (c * (vectors[at + 2 * inner + j] as number) + d * (vectors[at + 3 * inner + j] as number));
    }
  }
  for (; k < count; k += 1) {
    const factor = factors[from + k * stride] as number;
    for (let j = 0; j < inner; j += 1) {
      out[to + j] = (out[to + j] as number) + factor * (vectors[k * inner + j] as number);
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
  for (let from = 0; from < gradient.length; from += columns) {
    for (let column = 0; column < columns; column += 1) {
      biasGradient[column] = (biasGradient[column] as number) + (gradient[from + column] as number);
    }
  }
}
