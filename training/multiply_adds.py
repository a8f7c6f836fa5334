"""How much arithmetic a graph asks for: the measure against which its time is judged."""

from math import prod

import onnx
from onnx import shape_inference


def count_multiply_adds(model: onnx.ModelProto, batch: int = 1) -> int:
    """Multiply-adds of the convolutions and matrix products of one run, where nearly all arithmetic is.

    A convolution's products with zero padding count, as is usual.

    Args:
        batch: what the dimension named "batch" is taken for.

    Raises:
        ValueError: a shape stays unknown, or belongs to an operator that is not counted.
    """
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    for value in [*fixed.graph.input, *fixed.graph.output]:
        for dimension in value.type.tensor_type.shape.dim:
            if dimension.dim_param == "batch":
                dimension.dim_value = batch
    graph = shape_inference.infer_shapes(fixed, data_prop=True).graph
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    for value in [*graph.input, *graph.output, *graph.value_info]:
        shapes[value.name] = [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]

    total = 0
    for node in graph.node:
        if node.op_type in ("LSTM", "GRU", "ConvTranspose", "Einsum"):
            raise ValueError(f"{node.op_type} is not counted")
        if node.op_type not in ("Conv", "MatMul", "Gemm"):
            continue
        output, weight = shapes.get(node.output[0], [0]), shapes.get(node.input[1], [0])
        if node.op_type == "Conv":
            # A depthwise convolution is how normalisation and pooling are written in int8.
            if weight[1:2] == [1] and any(a.name == "group" and a.i > 1 for a in node.attribute):
                continue
            products = prod(weight[1:])  # [output channels, input channels of the group, height, width]
        elif node.op_type == "MatMul":
            products = weight[-2]
        else:
            transposed = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
            products = weight[1 if transposed else 0]
        if products == 0 or prod(output) == 0:
            raise ValueError(f"the shape of {node.op_type} {node.name or node.output[0]} is unknown")
        total += prod(output) * products
    return total
