/** Between this project's tensors and ONNX Runtime's, which look the same in onnxruntime-node and onnxruntime-web. */
import type { Tensor as OrtTensor, TypedTensor } from "onnxruntime-node";
import type { Tensor, Tensors, TensorType } from "./engine";

const TYPES: ReadonlySet<string> = new Set<TensorType>(["float32", "int32", "int64", "uint8", "bool"]);

interface TensorConstructor {
  new (type: TensorType, data: Tensor["data"], dims: readonly number[]): TypedTensor<TensorType>;
}

export function toOrt(Constructor: TensorConstructor, tensors: Tensors): Record<string, TypedTensor<TensorType>> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, data, dims }]) => [name, new Constructor(type, data, dims)]),
  );
}

/** @throws `TypeError` when an output is of a type that no model of this project has (such as float16 or string) */
export function fromOrt(outputs: Readonly<Record<string, OrtTensor>>): Tensors {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { type, data, dims }]) => {
      if (!TYPES.has(type)) throw new TypeError(`Output ${name} is of type ${type}.`);
      return [name, { type: type as TensorType, data: data as Tensor["data"], dims }];
    }),
  );
}
