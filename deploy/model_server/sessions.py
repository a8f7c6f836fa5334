"""Sessions of ONNX Runtime that compute the numbers that the app computes."""

import os
import re
from pathlib import Path

import onnxruntime


def open_session(model: bytes | Path) -> onnxruntime.InferenceSession:
    """On the CPU, with `INFERENCE_THREADS` threads (default 1)."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("INFERENCE_THREADS", "1"))
    options.log_severity_level = 3
    # Sessions that go on spinning after a run take the cores from the one that runs next.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    # Exact instructions instead of those that overflow: x64 without VNNI adds pairs of products of bytes in 16 bits.
    options.add_session_config_entry("session.x64quantprecision", "0" if has_vnni() else "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def has_vnni() -> bool:
    """Whether products of bytes do not overflow; where that is not known, no."""
    try:
        return re.search(r"^flags\s*:.*vnni", Path("/proc/cpuinfo").read_text(), re.MULTILINE) is not None
    except OSError:
        return False
