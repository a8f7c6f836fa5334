"""Triton's Python backend: the search for captions. `npm run export:triton` puts it beside the graphs that it runs."""

from pathlib import Path

import triton_python_backend_utils as pb_utils
from captioning import Captioner, Vocabulary, caption_batch, runner
from sessions import open_session

INPUTS = ("regions", "mirrored", "beamWidth", "count", "rerank")


class TritonPythonModel:
    """Each request is a batch, and has its captions by itself."""

    def initialize(self, args: dict[str, str]) -> None:
        folder = Path(args["model_repository"]) / args["model_version"]
        prepare, step = (open_session(folder / name) for name in ("prepare.onnx", "step.onnx"))
        self._captioner = Captioner(
            runner(prepare), runner(step), Vocabulary.parse((folder / "vocabulary.json").read_bytes())
        )

    def execute(self, requests: list) -> list:
        return [self._answer(request) for request in requests]

    def _answer(self, request):
        tensors = {name: pb_utils.get_input_tensor_by_name(request, name) for name in INPUTS}
        arrays = {name: tensor.as_numpy() for name, tensor in tensors.items() if tensor is not None}
        try:
            outputs = caption_batch(self._captioner, arrays)
        except ValueError as error:
            return pb_utils.InferenceResponse(error=pb_utils.TritonError(str(error)))
        return pb_utils.InferenceResponse([pb_utils.Tensor(name, array) for name, array in outputs.items()])
