"""Where the servers are that `scripts/test-remote.mjs` has started."""

import json
import os
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def address(name: str) -> str:
    if name not in os.environ:
        pytest.fail(f"{name} is not set: run `npm test -- remote`, which starts the servers")
    return os.environ[name]


@pytest.fixture(scope="session")
def app() -> str:
    """The app, which runs its models itself."""
    return address("APP")


@pytest.fixture(scope="session", params=["APP_ON_MODEL_SERVER", "APP_ON_APP"])
def remote_app(request) -> str:
    """The app, whose models MLServer or another app runs."""
    return address(request.param)


@pytest.fixture(scope="session", params=["APP", "MODEL_SERVER"])
def model_tier(request) -> str:
    """What an app's INFERENCE_URL may be."""
    return address(request.param)


def send(url: str, body: bytes | None = None, content_type: str = "application/json"):
    """The status and the JSON of an answer, whatever its status."""
    request = urllib.request.Request(url, data=body, headers={"content-type": content_type} if body else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.loads(response.read() or "null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def send_form(url: str, image: Path, **fields: str):
    """As `send`, a photo and the fields beside it."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\ncontent-disposition: form-data; name="image"; filename="a"\r\ncontent-type: image/webp\r\n\r\n'
    body = b"".join([*parts, head.encode(), image.read_bytes(), f"\r\n--{boundary}--\r\n".encode()])
    return send(url, body, f"multipart/form-data; boundary={boundary}")
