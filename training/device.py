"""Where tensors live, and how precisely they are computed there."""

import os

import torch


def device() -> torch.device:
    """The GPU of this process, or the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
    return torch.device("cpu")


def mixed_precision(target: torch.device, enabled: bool = True) -> torch.autocast:
    """bf16 autocast where the hardware has it, else fp32: a CPU without AVX-512 has no bf16 LSTM, and convolves in bf16
    slower than in fp32."""
    has_bf16 = target.type != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast(target.type, torch.bfloat16, enabled=enabled and has_bf16)
