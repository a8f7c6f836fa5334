/** What the page shows of a step: the parts of each sum, which a cell does not keep. */
import type { Layer } from "./layer";
import type { Parameters } from "./parameters";

/** A sum of one unit, part by part. */
export interface ExplainedSum {
  /** The block's name. */
  readonly name: string;
  /** Σ W x_t; undefined where the block has no such part, as the following. */
  readonly input: number | undefined;
  /** Σ U h_{t−1} */
  readonly state: number | undefined;
  /** p · c_{t−1}, of the output gate p · c_t. */
  readonly peephole: number | undefined;
  readonly bias: number;
  readonly total: number;
}

/**
 * The sums of one unit at a step of the last `forward`, of a network with one row.
 *
 * @param input - x_t of this layer
 * @param time - of the sequence
 */
export function explainSums(
  layer: Layer,
  parameters: Parameters,
  input: Float64Array,
  time: number,
  unit: number,
): ExplainedSum[] {
  const { cell, name } = layer.config;
  const { previousState, previousMemory, memory } = layer.stepAt(time);
  const product = (parameter: string, vector: Float64Array) => {
    const { values } = parameters.get(`${name}: ${parameter}`);
    return vector.reduce((sum, each, k) => sum + each * (values[unit * vector.length + k] as number), 0);
  };
  return cell.blocks.map((block): ExplainedSum => {
    const seen = block.name === "o" ? memory : previousMemory;
    const parts = {
      input: block.input ? product(`W_${block.name}`, input) : undefined,
      state: block.state ? product(`U_${block.name}`, previousState) : undefined,
      peephole: cell.peepholes.includes(block.name)
        ? (parameters.get(`${name}: p_${block.name}`).values[unit] as number) * (seen[unit] as number)
        : undefined,
      bias: parameters.get(`${name}: b_${block.name}`).values[unit] as number,
    };
    const total = (parts.input ?? 0) + (parts.state ?? 0) + (parts.peephole ?? 0) + parts.bias;
    return { name: block.name, ...parts, total };
  });
}
