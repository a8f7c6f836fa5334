/** All weights of a network in one vector, so that clipping, the optimisers and the gradient check are one loop each. */

/** A named part of the vector. */
export interface Parameter {
  /** For example "layer 1, forward: W_i". */
  readonly name: string;
  /** Rows and columns; a vector has one column. */
  readonly shape: readonly [rows: number, columns: number];
  readonly values: Float64Array;
  /** The gradient of the loss with respect to `values`, in the same order. */
  readonly gradient: Float64Array;
}

export interface ParameterShape {
  readonly name: string;
  readonly shape: readonly [rows: number, columns: number];
}

export class Parameters {
  readonly values: Float64Array;
  readonly gradient: Float64Array;
  readonly all: readonly Parameter[];
  readonly #byName: ReadonlyMap<string, Parameter>;

  /** Zeros of these shapes, one after the other. */
  constructor(shapes: readonly ParameterShape[]) {
    const size = shapes.reduce((sum, { shape: [rows, columns] }) => sum + rows * columns, 0);
    this.values = new Float64Array(size);
    this.gradient = new Float64Array(size);
    let start = 0;
    this.all = shapes.map(({ name, shape }) => {
      const end = start + shape[0] * shape[1];
      const part = {
        name,
        shape,
        values: this.values.subarray(start, end),
        gradient: this.gradient.subarray(start, end),
      };
      start = end;
      return part;
    });
    this.#byName = new Map(this.all.map((part) => [part.name, part]));
  }

  /** @throws `RangeError` where there is none of this name */
  get(name: string): Parameter {
    const found = this.#byName.get(name);
    if (!found) throw new RangeError(`There is no parameter ${name}.`);
    return found;
  }
}
