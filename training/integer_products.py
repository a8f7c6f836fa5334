"""Matrix products in integers, for the decoder: its time goes into reading weights, and bytes are a quarter of fp32's.

The weights are the int8 ones that the file holds anyway. Each row of the other matrix is scaled to 24 bits by its own largest
value, so that no row depends on what else is in the batch, and split into three bytes, which are multiplied as three rows. That
is as exact as fp32. With 16 bits captions are as good, but processors that differ in the last bit of a `Tanh` draw other samples
to re-rank by for one photo in six.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_DIGITS = 3
_MOST = 127 * 256 ** (_DIGITS - 1)  # of a row's values


def share_transposed(model: onnx.ModelProto) -> None:
    """Where a product's matrix is the transpose of the embedding, take it from there, in place. The tracer copies it."""
    graph = model.graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    embeddings = [node.input[0] for node in graph.node if node.op_type == "Gather" and node.input[0] in arrays]
    for node in list(graph.node):
        matrix = node.input[1] if node.op_type == "MatMul" else ""
        for embedding in embeddings:
            if matrix in arrays and np.array_equal(arrays[matrix], arrays[embedding].T):
                graph.initializer.remove(next(tensor for tensor in graph.initializer if tensor.name == matrix))
                del arrays[matrix]
                graph.node.insert(0, helper.make_node("Transpose", [embedding], [matrix], perm=[1, 0]))


def integer_products(model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph with every product by an int8 matrix computed in integers.

    Args:
        model: what `quantize_weights` gives. It computes the same in fp32.
    """
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    names = {tensor.name for tensor in graph.initializer}
    transposed = {n.output[0]: n.input[0] for n in graph.node if n.op_type == "Transpose"}
    constants = {
        "most": np.float32(_MOST),
        "base": np.float32(256),
        "half": np.float32(0.5),
        "tiny": np.float32(1e-9),
        "middle": np.float32(128),
        "middle_byte": np.uint8(128),
        "last_axis": np.array([-1], np.int64),
    }
    nodes: list[onnx.NodeProto] = []
    split: dict[str, tuple[str, str]] = {}

    def add(operator: str, inputs: list[str], output: str, **attributes) -> str:
        nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def split_rows(rows: str) -> tuple[str, str]:
        """The rows of each digit to the base 256 (-128 to 127), the highest first, and the scale of each row."""
        if rows not in split:
            largest = add("ReduceMax", [add("Abs", [rows], f"{rows}_abs"), "last_axis"], f"{rows}_max", keepdims=1)
            scale = add("Div", [add("Max", [largest, "tiny"], f"{rows}_top"), "most"], f"{rows}_scale")
            rest = add("Round", [add("Div", [rows, scale], f"{rows}_scaled")], f"{rows}_whole")
            digits = []
            for place in range(_DIGITS - 1):
                name = f"{rows}_{place}"
                moved = add("Add", [add("Div", [rest, "base"], f"{name}_part"), "half"], f"{name}_moved")
                above = add("Floor", [moved], f"{name}_above")
                digits.insert(0, add("Sub", [rest, add("Mul", [above, "base"], f"{name}_back")], f"{name}_digit"))
                rest = above
            stacked = add("Concat", [rest, *digits], f"{rows}_digits", axis=0)
            shifted = add("Add", [stacked, "middle"], f"{rows}_shifted")
            split[rows] = (add("Cast", [shifted], f"{rows}_bytes", to=TensorProto.UINT8), scale)
        return split[rows]

    for node in graph.node:
        matrix = node.input[1] if node.op_type in ("MatMul", "Gemm") else ""
        stored = transposed.get(matrix, matrix)
        if f"{stored}_int8" not in names:
            nodes.append(node)
            continue
        output = node.output[0]
        counts, scales = f"{stored}_int8", f"{stored}_scale"
        if node.op_type == "Gemm" or matrix in transposed:
            counts = add("Transpose", [counts], f"{output}_counts", perm=[1, 0])
            scales = add("Transpose", [scales], f"{output}_scales", perm=[1, 0])
        rows, row_scale = split_rows(node.input[0])
        products = add("MatMulInteger", [rows, counts, "middle_byte"], f"{output}_products", name=node.name)
        products = add("Cast", [products], f"{output}_floats", to=TensorProto.FLOAT)
        digits = [f"{output}_{place}" for place in range(_DIGITS)]
        nodes.append(helper.make_node("Split", [products], digits, axis=0, num_outputs=_DIGITS))
        whole = digits[0]
        for digit in digits[1:]:
            whole = add("Add", [add("Mul", [whole, "base"], f"{digit}_above"), digit], f"{digit}_whole")
        biased = len(node.input) > 2
        scaled = add("Mul", [whole, row_scale], f"{output}_rows")
        scaled = add("Mul", [scaled, scales], f"{output}_scaled" if biased else output)
        if biased:
            add("Add", [scaled, node.input[2]], output)
    graph.ClearField("node")
    graph.node.extend(nodes)
    graph.initializer.extend(numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items())
    _remove_unread_nodes(graph)
    onnx.checker.check_model(result)
    return result


def _remove_unread_nodes(graph: onnx.GraphProto) -> None:
    """What turned weights into fp32 for the products that now are integers."""
    read = {value.name for value in graph.output}
    kept = []
    for node in reversed(graph.node):
        if read.intersection(node.output):
            kept.append(node)
            read.update(node.input)
    graph.ClearField("node")
    graph.node.extend(reversed(kept))
