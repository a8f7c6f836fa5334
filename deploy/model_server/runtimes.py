"""MLServer runtimes: a graph of `models/` as it is, and the search for captions.

They run in threads of the server's process: ONNX Runtime lets go of the interpreter, and no tensor is copied to another process.
"""

import asyncio
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import onnxruntime
from mlserver import MLModel
from mlserver.errors import InferenceError
from mlserver.types import Datatype, InferenceRequest, InferenceResponse, MetadataTensor, RequestInput, ResponseOutput

from .captioning import Captioner, Vocabulary, caption_batch, runner
from .sessions import open_session

DATATYPES = {"float32": "FP32", "int32": "INT32"}
ARRAYS = {"FP32": np.float32, "INT32": np.int32, "BOOL": np.bool_}


class Models:
    """The folder that holds `manifest.json`: files are used only with the SHA-256 that it names."""

    def __init__(self, folder: str):
        self.folder = Path(folder)
        listed = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        self.files = {file["path"]: file for model in listed["models"].values() for file in model["files"]}

    def read(self, path: str) -> bytes:
        content = (self.folder / path).read_bytes()
        if hashlib.sha256(content).hexdigest() != self.files[path]["sha256"]:
            raise ValueError(f"{path} is not the file that the manifest names: its SHA-256 differs")
        return content

    def session(self, path: str) -> onnxruntime.InferenceSession:
        return open_session(self.read(path))

    def tensors(self, path: str, key: str) -> list[MetadataTensor]:
        return [
            MetadataTensor(
                name=value["name"],
                datatype=DATATYPES[value["type"]],
                shape=[size if isinstance(size, int) else -1 for size in value["shape"]],
            )
            for value in self.files[path][key]
        ]


def served_models() -> Models:
    return Models(os.environ.get("MODELS_DIRECTORY", "models"))


def to_array(tensor: RequestInput) -> np.ndarray:
    """
    Raises:
        InferenceError: the numbers do not make the shape, or the datatype is none that the models take.
    """
    try:
        return np.array(tensor.data.root, dtype=ARRAYS[Datatype(tensor.datatype).value]).reshape(tensor.shape)
    except (KeyError, ValueError, TypeError) as error:
        raise InferenceError(f"the input {tensor.name} is not valid: {error}") from error


def to_output(name: str, array: np.ndarray, datatype: str) -> ResponseOutput:
    return ResponseOutput(name=name, shape=list(array.shape), datatype=datatype, data=array.ravel().tolist())


class OnnxRuntime(MLModel):
    """One graph; `parameters.uri` is its path in the manifest."""

    async def load(self) -> bool:
        path = self.settings.parameters.uri
        models = served_models()
        self.inputs, self.outputs = models.tensors(path, "inputs"), models.tensors(path, "outputs")
        self._session = models.session(path)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        return await asyncio.to_thread(self._infer, payload)

    def _infer(self, payload: InferenceRequest) -> InferenceResponse:
        feeds = {tensor.name: to_array(tensor) for tensor in payload.inputs}
        names = [output.name for output in self.outputs]
        try:
            results = self._session.run(names, feeds)
        except Exception as error:
            raise InferenceError(f"the model cannot be run on these inputs: {error}") from error
        outputs = [
            to_output(output.name, array, output.datatype) for output, array in zip(self.outputs, results, strict=True)
        ]
        return InferenceResponse(model_name=self.name, outputs=outputs)


class CaptioningRuntime(MLModel):
    """The whole search for captions: inputs and outputs as `lib/captioning/tensors.ts` has them."""

    async def load(self) -> bool:
        models = served_models()
        regions = models.tensors("captioning/prepare.onnx", "inputs")[0].shape
        each, word = [-1, -1], [-1, -1, -1]
        self.inputs = [
            MetadataTensor(name=name, datatype=datatype, shape=shape)
            for name, datatype, shape in (
                ("regions", "FP32", regions),
                ("mirrored", "FP32", regions),
                ("beamWidth", "INT32", [-1, 1]),
                ("count", "INT32", [-1, 1]),
                ("rerank", "BOOL", [-1, 1]),
            )
        ]
        self.outputs = [
            MetadataTensor(name=name, datatype=datatype, shape=shape)
            for name, datatype, shape in (
                ("text", "BYTES", each),
                ("score", "FP64", each),
                ("logProbability", "FP64", each),
                ("tokens", "BYTES", word),
                ("tokenLogProbabilities", "FP32", word),
                ("attention", "FP32", [*word, regions[1]]),
            )
        ]
        prepare, step = models.session("captioning/prepare.onnx"), models.session("captioning/step.onnx")
        vocabulary = Vocabulary.parse(models.read("captioning/vocabulary.json"))
        self._captioner = Captioner(runner(prepare), runner(step), vocabulary)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        return await asyncio.to_thread(self._infer, payload)

    def _infer(self, payload: InferenceRequest) -> InferenceResponse:
        arrays = {tensor.name: to_array(tensor) for tensor in payload.inputs}
        try:
            outputs = caption_batch(self._captioner, arrays)
        except ValueError as error:
            raise InferenceError(str(error)) from error
        datatypes = {output.name: output.datatype for output in self.outputs}
        return InferenceResponse(
            model_name=self.name, outputs=[to_output(name, array, datatypes[name]) for name, array in outputs.items()]
        )
