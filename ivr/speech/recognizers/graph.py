"""A computation for ONNX Runtime, put together from a model's weights."""

from collections.abc import Mapping, Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from ivr.speech.inference import session

_OPERATIONS = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
_FORMAT = 10  # of the file, for those operations
_BLOCK = 128  # weights with a scale of their own
_WHOLE = 127  # the largest whole number that stands for a weight
_ZERO = 128  # the byte that stands for 0
_BY_WHOLE_NUMBERS = 4  # MatMulNBits: what is multiplied is made whole numbers too

Kind = tuple[type[np.generic], Sequence[int | str]]


class Graph:
    """Operations and constants; each value goes by a name."""

    def __init__(self) -> None:
        """Begin with none."""
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def apply(self, operation: str, *inputs: str, domain: str = "", **how: float | Sequence[int]) -> str:
        """Add an operation with one result; returns the result's name."""
        name = f"value{len(self._nodes)}"
        node = helper.make_node(operation, list(inputs), [name], domain=domain)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in how.items())
        self._nodes.append(node)
        return name

    def constant(self, value: NDArray[np.generic]) -> str:
        """Add an array; returns its name."""
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def whole(self, *numbers: int) -> str:
        """Add a list of whole numbers."""
        return self.constant(np.array(numbers, dtype=np.int64))

    def linear(self, given: str, weight: NDArray[np.generic], bias: NDArray[np.generic] | None = None) -> str:
        """Add ``given`` times the transposed ``weight``, shape (out, in), each weight a byte: a quarter of the time."""
        rows, columns = weight.shape
        blocks = weight.astype(np.float32).reshape(rows, columns // _BLOCK, _BLOCK)
        scales = np.maximum(np.abs(blocks).max(axis=2) / _WHOLE, np.finfo(np.float32).tiny)
        stored = (np.rint(blocks / scales[..., None]) + _ZERO).astype(np.uint8)
        inputs = given, self.constant(stored), self.constant(scales.ravel())
        how = {"K": columns, "N": rows, "bits": 8, "block_size": _BLOCK, "accuracy_level": _BY_WHOLE_NUMBERS}
        product = self.apply("MatMulNBits", *inputs, domain="com.microsoft", **how)
        return product if bias is None else self.apply("Add", product, self.constant(bias.astype(np.float32)))

    def norm(self, given: str, scale: NDArray[np.generic], shift: NDArray[np.generic]) -> str:
        """Add layer normalisation."""
        by = self.constant(scale.astype(np.float32)), self.constant(shift.astype(np.float32))
        return self.apply("LayerNormalization", given, *by, axis=-1, epsilon=1e-5)

    def session(self, inputs: Mapping[str, Kind], outputs: Mapping[str, str]) -> onnxruntime.InferenceSession:
        """Make it ready to run, on one core.

        ``inputs`` gives type and shape of each, a name standing for a length that varies; ``outputs`` the value that
        each is.
        """
        named = [helper.make_node("Identity", [value], [name]) for name, value in outputs.items()]
        given = [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), list(shape))
            for name, (kind, shape) in inputs.items()
        ]
        results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
        graph = helper.make_graph([*self._nodes, *named], "graph", given, results, self._constants)
        model = helper.make_model(graph, opset_imports=_OPERATIONS, ir_version=_FORMAT)
        return session(model.SerializeToString())
