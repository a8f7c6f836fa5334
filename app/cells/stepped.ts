/** The small network that is gone through step by step. */
import { explainSums } from "@/lib/cells/explain";
import { initialize, Network, type NetworkConfig } from "@/lib/cells/network";
import type { UnitValues } from "./equations";
import type { Weights } from "./examples";
import type { Arrangement, StepSettings } from "./settings";

/** Few enough to show every number. */
export const HIDDEN_SIZE = 3;

const SHAPES: Readonly<Record<Arrangement, Pick<NetworkConfig, "layers" | "bidirectional">>> = {
  one: { layers: 1, bidirectional: false },
  two: { layers: 2, bidirectional: false },
  both: { layers: 1, bidirectional: true },
};

export function configOf({ cell, arrangement }: Pick<StepSettings, "cell" | "arrangement">): NetworkConfig {
  return { cell, inputSize: 1, hiddenSize: HIDDEN_SIZE, outputSize: 1, ...SHAPES[arrangement] };
}

/**
 * A network with the weights that are asked for, run over the sequence.
 *
 * @param trained - what there is beside weights at random
 */
export function runSequence(
  { cell, arrangement, weightSeed }: Pick<StepSettings, "cell" | "arrangement" | "weightSeed">,
  values: readonly number[],
  trained: Weights,
): Network {
  const config = configOf({ cell, arrangement });
  const network = new Network(config, values.length, 1);
  if (weightSeed === undefined) network.parameters.values.set(trained[`${cell}, ${arrangement}`]);
  else initialize(network.parameters, config, { seed: weightSeed, span: Math.max(2, values.length) });
  network.inputs.forEach((input, time) => {
    input.set([values[time] ?? 0]);
  });
  network.forward();
  return network;
}

/** What a layer reads at a step: the sequence, or the states of the layer below. */
export function inputOf(network: Network, layer: number, time: number): Float64Array {
  const directions = network.config.bidirectional ? 2 : 1;
  const below = network.layers.slice(0, layer - (layer % directions)).slice(-directions);
  if (below.length === 0) return network.inputs[time] ?? new Float64Array();
  return Float64Array.from(below.flatMap((each) => [...each.stepAt(time).state]));
}

/** Every number of a unit of a layer at a step. */
export function unitValues(network: Network, layer: number, time: number, unit: number): UnitValues {
  const looked = network.layers[layer];
  if (!looked) throw new RangeError(`There is no layer ${layer}.`);
  const { values, state, previousState, memory, previousMemory } = looked.stepAt(time);
  const at = (array: Float64Array) => array[unit] ?? Number.NaN;
  return {
    sums: explainSums(looked, network.parameters, inputOf(network, layer, time), time, unit),
    values: Object.fromEntries(Object.entries(values).map(([name, array]) => [name, at(array)])),
    state: at(state),
    previousState: at(previousState),
    memory: at(memory),
    previousMemory: at(previousMemory),
  };
}

/** How probable the network finds it that the number of ones so far is odd. */
export function probabilityOfOdd(network: Network, time: number): number {
  return 1 / (1 + Math.exp(-(network.outputs[time]?.[0] ?? Number.NaN)));
}

/** The parts of the readout's sum: V h_t, of each direction by itself, and d. */
export function readoutParts(network: Network, time: number): { readonly states: number[]; readonly bias: number } {
  const V = network.parameters.get("readout: V").values;
  const top = network.layers.slice(network.config.bidirectional ? -2 : -1);
  const states = top.map((layer, index) => {
    const { state } = layer.stepAt(time);
    return state.reduce((sum, each, unit) => sum + each * (V[index * state.length + unit] ?? Number.NaN), 0);
  });
  return { states, bias: network.parameters.get("readout: d").values[0] ?? Number.NaN };
}
