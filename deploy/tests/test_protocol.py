"""The Open Inference Protocol, by its schema and by a client that knows nothing of this app."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from .conftest import send

MODELS = [
    "captioning",
    "handwriting-reader",
    "handwriting-synthesizer",
    "language-writer",
    "stories-answer",
    "vision-encoder",
    "vqa-answer",
    "vqa-prepare",
]

# The protocol's OpenAPI description, as MLServer carries it; imported, it would bring message types that tritonclient has as well.
# Its one type that JSON Schema does not have is written as a string.
DESCRIPTION = (Path(find_spec("mlserver").origin).parent / "rest/openapi/dataplane.json").read_text()
DATAPLANE = json.loads(re.sub(r'"type":\s*"bytes"', '"type": "string"', DESCRIPTION))


def check(value, schema: str) -> None:
    jsonschema.validate(value, {"$ref": f"#/components/schemas/{schema}", "components": DATAPLANE["components"]})


def client_of(url: str) -> triton.InferenceServerClient:
    return triton.InferenceServerClient(url.removeprefix("http://"), connection_timeout=60, network_timeout=60)


def tensor(name: str, array: np.ndarray, datatype: str, binary: bool = True) -> triton.InferInput:
    value = triton.InferInput(name, list(array.shape), datatype)
    value.set_data_from_numpy(array, binary_data=binary)
    return value


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return np.random.default_rng(1).random((2, 3, 224, 224), dtype=np.float32)


def test_metadata_follows_the_schema(model_tier):
    status, server = send(f"{model_tier}/v2")
    assert status == 200
    check(server, "MetadataServerResponse")
    for name in MODELS:
        for path in (f"models/{name}", f"models/{name}/versions/1"):
            status, model = send(f"{model_tier}/v2/{path}")
            assert (status, model["name"]) == (200, name)
            check(model, "MetadataModelResponse")
            assert model["inputs"] and model["outputs"]


def test_both_tiers_describe_the_same_models(app):
    from .conftest import address

    for name in MODELS:
        ours, theirs = (send(f"{url}/v2/models/{name}")[1] for url in (app, address("MODEL_SERVER")))
        for key in ("name", "platform"):
            assert ours[key] == theirs[key]
        for key in ("inputs", "outputs"):
            kept = [{part: value[part] for part in ("name", "datatype", "shape")} for value in theirs[key]]
            assert kept == ours[key]


def test_infer_follows_the_schema(model_tier):
    photos = {"name": "regions", "datatype": "FP32", "shape": [1, 49, 1664], "data": [0.5] * (49 * 1664)}
    asked = {"id": "42", "inputs": [photos]}
    check(asked, "InferenceRequest")
    status, answer = send(f"{model_tier}/v2/models/vqa-prepare/infer", json.dumps(asked).encode())
    assert (status, answer["id"]) == (200, "42")
    check(answer, "InferenceResponse")
    assert [output["shape"] for output in answer["outputs"]] == [[1, 49, 512], [1, 49, 256]]


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("models/nothing", None, 404),
        ("models/nothing/infer", b'{"inputs": []}', 404),
        ("models/vqa-prepare/infer", b"{", 400),
        (
            "models/vqa-prepare/infer",
            b'{"inputs": [{"name": "regions", "datatype": "FP32", "shape": [1], "data": [1]}]}',
            400,
        ),
    ],
)
def test_errors_follow_the_schema(app, path, body, expected):
    status, answer = send(f"{app}/v2/{path}", body)
    assert status == expected
    check(answer, "InferenceErrorResponse")
    assert set(answer) == {"error"}


def test_tritonclient_sees_a_server_with_its_models(model_tier):
    client = client_of(model_tier)
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.get_server_metadata()["name"]
    for name in MODELS:
        assert client.is_model_ready(name)
        assert client.get_model_metadata(name)["name"] == name
    assert not client.is_model_ready("captioning-step")


def test_tritonclient_infers_with_bytes_as_with_json(app, pixels):
    client = client_of(app)
    by_default = client.infer("vision-encoder", [tensor("pixels", pixels, "FP32")], request_id="7")
    assert by_default.get_response()["id"] == "7"
    # JSON carries at most 8 MiB: one photo.
    as_json = client.infer(
        "vision-encoder",
        [tensor("pixels", pixels[:1], "FP32", binary=False)],
        outputs=[triton.InferRequestedOutput("regions", binary_data=False)],
    )
    regions = by_default.as_numpy("regions")
    assert regions.shape == (2, 49, 1664)
    np.testing.assert_array_equal(as_json.as_numpy("regions"), regions[:1])


def test_tritonclient_captions(app, pixels):
    client = client_of(app)

    def encode(array):
        return client.infer("vision-encoder", [tensor("pixels", array, "FP32")]).as_numpy("regions")

    regions, mirrored = encode(pixels), encode(np.ascontiguousarray(pixels[..., ::-1]))

    def column(value, kind):
        return np.full((2, 1), value, dtype=kind)

    answer = client.infer(
        "captioning",
        [
            tensor("regions", regions, "FP32"),
            tensor("mirrored", mirrored, "FP32"),
            tensor("beamWidth", column(4, np.int32), "INT32"),
            tensor("count", column(3, np.int32), "INT32"),
            tensor("rerank", column(True, np.bool_), "BOOL"),
        ],
    )
    texts = answer.as_numpy("text")
    assert texts.shape == (2, 3)
    assert all(text.decode().split() for text in texts.ravel())
    scores = answer.as_numpy("score")
    assert (np.diff(scores, axis=1) <= 0).all()


def test_tritonclient_is_told_what_is_wrong(app, pixels):
    with pytest.raises(InferenceServerException, match="has the shape"):
        client_of(app).infer("vision-encoder", [tensor("pixels", pixels[:, :1], "FP32")])
    with pytest.raises(InferenceServerException, match="no such model"):
        client_of(app).infer("nothing", [tensor("pixels", pixels, "FP32")])
