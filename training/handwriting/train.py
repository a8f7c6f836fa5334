"""Training the synthesiser: maximum likelihood of each point, given those before it and the text."""

from typing import Any

import torch
from torch import Tensor, nn

from training.data.ink_batches import InkBatches, collate
from training.device import mixed_precision
from training.handwriting.mixture import negative_log_likelihood
from training.handwriting.model import END, UNKNOWN, Synthesizer, checkpoint_extra


def with_end(text: Tensor, lengths: Tensor) -> Tensor:
    """[B, U + 1]: the text [B, U] with `END` after its last character."""
    longer = nn.functional.pad(text, (0, 1))
    return longer.scatter(1, lengths.unsqueeze(1), END)


def nats(model: nn.Module, batch: dict[str, Tensor], writers: Tensor) -> Tensor:
    """Nats of each point, [T, B], 0 after a line's end, in the styles of writers [B]."""
    offsets = batch["offsets"]
    outputs = model(offsets, with_end(batch["text"], batch["text_lengths"]), writers)
    places = torch.arange(offsets.shape[1], device=offsets.device).unsqueeze(1)
    inside = places < batch["lengths"]
    ends = (places == batch["lengths"] - 1).float()
    with torch.autocast(offsets.device.type, enabled=False):
        return negative_log_likelihood(outputs, offsets.transpose(0, 1), ends) * inside


def hide_text(batch: dict[str, Tensor], hidden: Tensor) -> dict[str, Tensor]:
    """The batch with the texts of the lines [B] empty, as those are written for which nothing is to be written."""
    return {
        **batch,
        "text": batch["text"].masked_fill(hidden.unsqueeze(1), 0),
        "text_lengths": batch["text_lengths"].masked_fill(hidden, 0),
    }


class SynthesisTask:
    """Mean nats a point; a share of the lines hides its writer, so that a line can also begin in no style, and a share its
    text, so that the pen can go on without any."""

    collate = staticmethod(collate)
    best_metric = "log-likelihood"

    def __init__(
        self,
        model: Synthesizer,
        dataset: InkBatches,
        dev: list[dict[str, Tensor]],
        rate: float = 2e-3,
        style_dropout: float = 0.15,
        text_dropout: float = 0.1,
    ):
        """
        Args:
            dev: batches of held-out writers.
            style_dropout: how often a line's writer is hidden.
            text_dropout: how often its text is.
        """
        self.model = model
        self.dataset = dataset
        self.dev = dev
        self.rate = rate
        self.style_dropout = style_dropout
        self.text_dropout = text_dropout

    def parameter_groups(self) -> list[dict[str, Any]]:
        # Embeddings are not pulled to zero: a writer of few lines would lose its style between them.
        tables = [self.model.styles.weight, self.model.characters.weight]
        others = [p for p in self.model.parameters() if all(p is not table for table in tables)]
        return [{"params": others, "lr": self.rate}, {"params": tables, "lr": self.rate, "weight_decay": 0.0}]

    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
        no_writer, no_text = torch.rand(2, len(batch["writers"]), device=batch["writers"].device)
        writers = torch.where(no_writer < self.style_dropout, UNKNOWN, batch["writers"])
        found = nats(model, hide_text(batch, no_text < self.text_dropout), writers)
        points = batch["lengths"].sum()
        loss = found.sum() / points
        return loss, {"nats per character": (found.detach().sum() / batch["text_lengths"].sum()).item()}

    @torch.inference_mode()
    def validate(self, model: nn.Module) -> dict[str, float]:
        return dev_scores(model, self.dev)

    def checkpoint_extra(self) -> dict[str, Any]:
        return checkpoint_extra(self.model)


@torch.inference_mode()
def dev_scores(model: Synthesizer, batches: list[dict[str, Tensor]]) -> dict[str, float]:
    """Log-likelihood per point, per character and per line, of writers of whom the model knows nothing."""
    target = model.output.weight.device
    total, points, characters, lines = 0.0, 0, 0, 0
    for batch in batches:
        batch = {name: value.to(target) for name, value in batch.items()}
        with mixed_precision(target):
            total += nats(model, batch, batch["writers"]).sum().item()
        points += int(batch["lengths"].sum())
        characters += int(batch["text_lengths"].sum())
        lines += len(batch["lengths"])
    return {
        "log-likelihood": -total / points,
        "nats per character": total / characters,
        "nats per line": total / lines,
    }
