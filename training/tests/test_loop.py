"""The training loop: resuming, averaging, the schedule, and two processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from training import loop
from training.device import mixed_precision
from training.loop import LoopConfig, epoch_order, fit, learning_rate_factor

ROOT = Path(__file__).parents[2]


class Numbers:
    """y = 3x − 1 with noise that depends on the epoch, as augmentation does."""

    epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return 32

    def __getitem__(self, index: int) -> tuple[float, float]:
        x = index / 16 - 1
        return x, 3 * x - 1 + 0.01 * ((index * 7 + self.epoch * 3) % 5 - 2)


class Line:
    """A line with dropout, so that the state of the random generator matters."""

    best_metric = "fit"

    def __init__(self) -> None:
        torch.manual_seed(5)
        self.model = nn.Sequential(nn.Linear(1, 8), nn.Dropout(0.2), nn.Linear(8, 1))
        self.dataset = Numbers()
        self.losses: list[float] = []

    @staticmethod
    def collate(samples: list[tuple[float, float]]) -> dict[str, Tensor]:
        x, y = torch.tensor(samples).unsqueeze(-1).unbind(1)
        return {"x": x, "y": y}

    def parameter_groups(self):
        return [{"params": list(self.model.parameters()), "lr": 0.02}]

    def loss(self, model, batch):
        loss = (model(batch["x"]) - batch["y"]).square().mean()
        self.losses.append(loss.item())
        return loss, {}

    def validate(self, model) -> dict[str, float]:
        x = torch.linspace(-1, 1, 16).unsqueeze(1)
        return {"fit": -(model(x) - (3 * x - 1)).square().mean().item()}

    def checkpoint_extra(self):
        return {}


def config(folder: Path, **options) -> LoopConfig:
    return LoopConfig(
        folder, **{"epochs": 3, "batch_size": 8, "warmup_steps": 2, "workers": 0, "bf16": False, **options}
    )


def test_resuming_gives_the_losses_of_an_uninterrupted_run(tmp_path: Path) -> None:
    whole = Line()
    fit(whole, config(tmp_path / "whole"))
    first, second = Line(), Line()
    fit(first, config(tmp_path / "parts", stop_after_steps=6))  # in the middle of the second epoch
    torch.manual_seed(99)
    progress = fit(second, config(tmp_path / "parts"), resume=True)
    assert first.losses + second.losses == whole.losses
    assert progress.step == 12
    a, b = (torch.load(tmp_path / run / "best.pt", weights_only=True)["model"] for run in ("whole", "parts"))
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_a_folder_with_a_run_is_not_overwritten(tmp_path: Path) -> None:
    fit(Line(), config(tmp_path, epochs=1))
    with pytest.raises(ValueError, match="--resume or choose another folder"):
        fit(Line(), config(tmp_path, epochs=1))
    with pytest.raises(ValueError, match="nothing to resume"):
        fit(Line(), config(tmp_path / "other"), resume=True)


def test_the_best_epoch_is_kept(tmp_path: Path) -> None:
    task = Line()
    scores = iter([0.1, 0.9, 0.3])
    task.validate = lambda model: {"fit": next(scores)}
    assert fit(task, config(tmp_path)).best == 0.9
    assert torch.load(tmp_path / "best.pt", weights_only=True)["scores"] == {"fit": 0.9}


def test_an_infinite_gradient_changes_no_weight(tmp_path: Path) -> None:
    task = Line()
    before = [p.clone() for p in task.model.parameters()]
    task.loss = lambda model, batch: (model(batch["x"]).sum() * float("inf"), {})
    fit(task, config(tmp_path, epochs=1, ema_decay=0.0))
    assert all(torch.equal(a, b) for a, b in zip(before, task.model.parameters(), strict=True))


def test_order_and_schedule() -> None:
    assert sorted(epoch_order(10, 1, 0)) == list(range(10))
    assert epoch_order(10, 1, 0) == epoch_order(10, 1, 0) != epoch_order(10, 1, 1)
    factors = [learning_rate_factor(step, 100, 10, 0.05) for step in range(101)]
    assert factors[0] == pytest.approx(0.1)
    assert max(factors) == pytest.approx(1.0)
    assert factors[100] == pytest.approx(0.05)
    assert factors[10:] == sorted(factors[10:], reverse=True)


def test_two_processes_train_like_one(tmp_path: Path) -> None:
    """torchrun with gloo: halves of each batch, averaged gradients, the same weights as one process."""
    script = tmp_path / "train.py"
    script.write_text(
        "import sys, torch\n"
        "from pathlib import Path\n"
        "from training.tests.test_loop import Line, config\n"
        "from training.loop import fit\n"
        "task = Line()\n"
        "task.model[1].p = 0.0\n"
        "fit(task, config(Path(sys.argv[1]), ema_decay=0.0))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [*torchrun, str(script), str(tmp_path / "two")], env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    alone = Line()
    alone.model[1].p = 0.0
    fit(alone, config(tmp_path / "one", ema_decay=0.0))
    one, two = (torch.load(tmp_path / run / "last.pt", weights_only=True)["model"] for run in ("one", "two"))
    for name in one:
        torch.testing.assert_close(one[name], two[name], atol=1e-5, rtol=1e-4)


def test_device_is_the_cpu_without_a_gpu(monkeypatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert loop.device() == torch.device("cpu")


@pytest.mark.parametrize("has_bf16", [True, False])
def test_bf16_is_used_where_the_cpu_has_it(has_bf16: bool, monkeypatch) -> None:
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: has_bf16)
    with mixed_precision(torch.device("cpu")):
        assert torch.is_autocast_enabled("cpu") == has_bf16
    with mixed_precision(torch.device("cpu"), enabled=False):
        assert not torch.is_autocast_enabled("cpu")


def test_lstms_run_in_mixed_precision_on_any_cpu() -> None:
    with mixed_precision(torch.device("cpu")):
        states, _ = nn.LSTM(3, 4, batch_first=True)(torch.randn(2, 5, 3))
    assert states.isfinite().all()
