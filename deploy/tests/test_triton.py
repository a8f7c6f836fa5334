"""The model repository for Triton, which itself is not run here: its configurations parsed by Triton's own format."""

import json
import os
import subprocess
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from google.protobuf import text_format
from tritonclient.grpc import model_config_pb2

from .conftest import ROOT, send

TYPES = {"TYPE_FP32": "FP32", "TYPE_FP64": "FP64", "TYPE_INT32": "INT32", "TYPE_BOOL": "BOOL", "TYPE_STRING": "BYTES"}
BATCHED = {"vision-encoder": 64, "captioning": 64, "vqa-prepare": 64, "handwriting-reader": 4, "stories-answer": 64}


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("triton") / "repository"
    command = ["node", "scripts/export-triton.mjs"]
    environment = {**os.environ, "TRITON_REPOSITORY": str(folder)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return folder


def test_each_configuration_is_one_and_describes_what_the_app_serves(app, repository):
    folders = [path for path in repository.iterdir() if path.is_dir()]
    assert len(folders) == 8
    for folder in folders:
        config = text_format.Parse((folder / "config.pbtxt").read_text(), model_config_pb2.ModelConfig())
        served = send(f"{app}/v2/models/{folder.name}")[1]
        assert config.name == folder.name == served["name"]
        assert list(config.version_policy.specific.versions) == [1]
        assert config.max_batch_size == BATCHED.get(folder.name, 0)
        assert config.HasField("dynamic_batching") == (folder.name in BATCHED)
        leading = [-1] if config.max_batch_size else []
        for key, values in (("inputs", config.input), ("outputs", config.output)):
            described = []
            for value in values:
                dims = list(value.reshape.shape) if value.HasField("reshape") else list(value.dims)
                kind = TYPES[model_config_pb2.DataType.Name(value.data_type)]
                described.append({"name": value.name, "datatype": kind, "shape": leading + dims})
            assert described == served[key]


def test_every_file_is_the_manifests(repository):
    manifest = json.loads((ROOT / "models/manifest.json").read_text())
    sizes = {file["path"]: file["bytes"] for model in manifest["models"].values() for file in model["files"]}
    for name in ("vision-encoder", "vqa-answer", "handwriting-synthesizer"):
        path = name.replace("-", "/", 1) + ".onnx"
        assert (repository / name / "1/model.onnx").stat().st_size == sizes[path]


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path):
    (tmp_path / "theirs").write_text("x")
    environment = {**os.environ, "TRITON_REPOSITORY": str(tmp_path)}
    ended = subprocess.run(
        ["node", "scripts/export-triton.mjs"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "was not written by this script" in ended.stderr
    assert (tmp_path / "theirs").read_text() == "x"


def test_the_python_model_captions(repository, monkeypatch):
    """With a double of what Triton gives to its Python models."""
    utils = ModuleType("triton_python_backend_utils")
    utils.get_input_tensor_by_name = lambda request, name: request.get(name)
    utils.Tensor = lambda name, array: (name, array)
    utils.TritonError = str
    utils.InferenceResponse = lambda outputs=(), error=None: SimpleNamespace(outputs=dict(outputs), error=error)
    monkeypatch.setitem(sys.modules, "triton_python_backend_utils", utils)
    monkeypatch.syspath_prepend(str(repository / "captioning/1"))
    import model

    served = model.TritonPythonModel()
    served.initialize({"model_repository": str(repository / "captioning"), "model_version": "1"})

    def request(count: int):
        arrays = {
            "regions": np.ones((1, 49, 1664), dtype=np.float32),
            "beamWidth": np.array([[4]], dtype=np.int32),
            "count": np.array([[count]], dtype=np.int32),
            "rerank": np.array([[False]]),
        }
        return {name: SimpleNamespace(as_numpy=lambda array=array: array) for name, array in arrays.items()}

    fine, refused = served.execute([request(2), request(5)])
    assert fine.error is None
    assert fine.outputs["text"].shape == (1, 2)
    assert fine.outputs["attention"].shape[-1] == 49
    assert "count 5" in refused.error
