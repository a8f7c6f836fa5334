/**
 * The loss of one step: its mean over the rows, and the gradient with respect to the network's outputs.
 *
 * @param outputs - [rows × outputs]
 * @param targets - one number a row: the index of a class, 0 or 1, or the number itself
 * @param gradient - set to `scale` times the gradient of the mean
 * @returns the mean over the rows, in nats or, of squares, in squared units
 */
export type Loss = (outputs: Float64Array, targets: Float64Array, gradient: Float64Array, scale: number) => number;

/** Cross-entropy of a softmax over the outputs; a target is the index of the right one. */
export const softmaxCrossEntropy: Loss = (outputs, targets, gradient, scale) => {
  const rows = targets.length;
  const classes = outputs.length / rows;
  let loss = 0;
  for (let row = 0; row < rows; row += 1) {
    const at = row * classes;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k += 1) greatest = Math.max(greatest, outputs[at + k] as number);
    let sum = 0;
    for (let k = 0; k < classes; k += 1) sum += Math.exp((outputs[at + k] as number) - greatest);
    const target = targets[row] as number;
    for (let k = 0; k < classes; k += 1) {
      const probability = Math.exp((outputs[at + k] as number) - greatest) / sum;
      gradient[at + k] = (scale / rows) * (probability - (k === target ? 1 : 0));
    }
    loss += greatest + Math.log(sum) - (outputs[at + target] as number);
  }
  return loss / rows;
};

/** Cross-entropy of a logistic output; a target is 0 or 1. */
export const binaryCrossEntropy: Loss = (outputs, targets, gradient, scale) => {
  const rows = targets.length;
  let loss = 0;
  for (let row = 0; row < rows; row += 1) {
    const x = outputs[row] as number;
    const target = targets[row] as number;
    gradient[row] = (scale / rows) * (1 / (1 + Math.exp(-x)) - target);
    // log(1 + e^x) − x·target, without an overflow.
    loss += Math.max(x, 0) - x * target + Math.log1p(Math.exp(-Math.abs(x)));
  }
  return loss / rows;
};

/** The square of the difference. */
export const squaredError: Loss = (outputs, targets, gradient, scale) => {
  const rows = targets.length;
  let loss = 0;
  for (let row = 0; row < rows; row += 1) {
    const difference = (outputs[row] as number) - (targets[row] as number);
    gradient[row] = ((2 * scale) / rows) * difference;
    loss += difference * difference;
  }
  return loss / rows;
};
