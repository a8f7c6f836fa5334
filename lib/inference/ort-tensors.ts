/** Between this project's tensors and ONNX Runtime's, which look the same in onnxruntime-node and onnxruntime-web. */
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import type { AnyTensor, KeptTensor, Tensor, TensorType } from "./engine";

const TYPES: ReadonlySet<string> = new Set<TensorType>(["float32", "int32", "int64", "uint8", "bool"]);

interface TensorConstructor {
  new (type: TensorType, data: Tensor["data"], dims: readonly number[]): OrtTensor;
}

/** An output that WebGPU has left in its memory. */
export class GpuTensor implements KeptTensor {
  constructor(readonly value: OrtTensor) {}

  get type(): TensorType {
    return this.value.type as TensorType;
  }

  get dims(): readonly number[] {
    return this.value.dims;
  }

  release(): void {
    this.value.dispose();
  }
}

/** The session option by which WebGPU keeps outputs; no other provider of ONNX Runtime's JavaScript packages can. */
export function keepOutputs(
  names: readonly string[],
): Pick<InferenceSession.SessionOptions, "preferredOutputLocation"> {
  return { preferredOutputLocation: Object.fromEntries(names.map((name) => [name, "gpu-buffer" as const])) };
}

export function toOrt(
  Constructor: TensorConstructor,
  tensors: Readonly<Record<string, AnyTensor>>,
): Record<string, OrtTensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      tensor instanceof GpuTensor ? tensor.value : new Constructor(tensor.type, (tensor as Tensor).data, tensor.dims),
    ]),
  );
}

/** @throws `TypeError` when an output is of a type that no model of this project has (such as float16 or string) */
export function fromOrt(outputs: Readonly<Record<string, OrtTensor>>): Readonly<Record<string, AnyTensor>> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const { type, dims, location } = value;
      if (!TYPES.has(type)) throw new TypeError(`Output ${name} is of type ${type}.`);
      if (location === "gpu-buffer") return [name, new GpuTensor(value)];
      return [name, { type: type as TensorType, data: value.data as Tensor["data"], dims }];
    }),
  );
}
