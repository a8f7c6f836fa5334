"""Sessions of ONNX Runtime that compute the numbers that the app computes, on every processor."""

import re
from pathlib import Path

import onnxruntime


def open_session(
    model: bytes | Path, options: onnxruntime.SessionOptions | None = None
) -> onnxruntime.InferenceSession:
    """On the CPU, with exact products of bytes: x64 without VNNI adds pairs of them in 16 bits, which overflow."""
    options = options or onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.add_session_config_entry("session.x64quantprecision", "0" if _has_vnni() else "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _has_vnni() -> bool:
    """Where that is not known, no: then exact products are only slower."""
    try:
        return re.search(r"^flags\s*:.*vnni", Path("/proc/cpuinfo").read_text(), re.MULTILINE) is not None
    except OSError:
        return False
