"""Training the reader by CTC."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.data.ink import decode
from training.data.ink_batches import InkBatches, collate
from training.reading.decoding import error_rates, greedy
from training.reading.model import Reader, checkpoint_extra, frame_lengths


def ctc_losses(log_probabilities: Tensor, batch: dict[str, Tensor]) -> Tensor:
    """Nats [B] of each line; 0 where a line has fewer frames than its text needs."""
    frames = frame_lengths(batch["lengths"])
    found = F.ctc_loss(
        log_probabilities.transpose(0, 1),
        batch["text"],
        frames,
        batch["text_lengths"],
        blank=0,
        reduction="none",
        zero_infinity=True,
    )
    return found


class ReadingTask:
    """Mean nats a character."""

    collate = staticmethod(collate)
    best_metric = "right"

    def __init__(self, model: Reader, dataset: InkBatches, dev: list[dict[str, Tensor]], rate: float = 2e-3):
        self.model = model
        self.dataset = dataset
        self.dev = dev
        self.rate = rate

    def parameter_groups(self) -> list[dict[str, Any]]:
        return [{"params": list(self.model.parameters()), "lr": self.rate}]

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        found = model(batch["offsets"], batch["lengths"])
        with torch.autocast(found.device.type, enabled=False):
            loss = ctc_losses(found.float(), batch).sum() / batch["text_lengths"].sum()
        return loss, {}

    def validate(self, model: nn.Module) -> dict[str, float]:
        """The share of characters read right, 100 − CER by greedy decoding, and nats a character."""
        results = read(model, self.dev)
        rate, _ = error_rates((truth, text) for _, truth, text, _ in results)
        characters = sum(len(truth) for _, truth, _, _ in results)
        return {"right": 100 - rate, "CER": rate, "nats": sum(loss for *_, loss in results) / characters}

    def checkpoint_extra(self) -> dict[str, Any]:
        return checkpoint_extra(self.model)


@torch.inference_mode()
def read(model: Reader, batches: list[dict[str, Tensor]], decoder=greedy) -> list[tuple[int, str, str, float]]:
    """(sample, true text, what is read, nats) of each line of `single_batches`."""
    model.eval()
    target = model.output.weight.device
    results = []
    for batch in batches:
        moved = {name: value.to(target) for name, value in batch.items()}
        found = model(moved["offsets"], moved["lengths"])
        losses = ctc_losses(found, moved).tolist()
        frames = frame_lengths(batch["lengths"]).tolist()
        rows = found.cpu().numpy()
        for b, sample in enumerate(batch["samples"].tolist()):
            truth = decode(batch["text"][b, : batch["text_lengths"][b]].tolist())
            results.append((sample, truth, decoder(rows[b, : frames[b]]), losses[b]))
    return results
