"""The one training loop: mixed precision, gradient clipping, weight averaging, checkpoints, resuming, data-parallel.

A run with `--resume` continues with the numbers of one that was never interrupted: the order of the samples and their
augmentation depend on (seed, epoch, index) only, and a checkpoint holds the state of every random generator.
Under `torchrun` each process takes its share of every batch and gradients are averaged (gloo on CPUs, nccl on GPUs).
"""

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, distributed, nn
from torch.optim.swa_utils import AveragedModel
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from training.device import device, mixed_precision


@dataclass(frozen=True)
class LoopConfig:
    """How long and how to train. Learning rates belong to the task's parameter groups."""

    folder: Path  # checkpoints, best.pt and TensorBoard's events
    epochs: int
    batch_size: int
    seed: int = 1
    clip_norm: float = 1.0
    ema_decay: float = 0.999
    warmup_steps: int = 100
    final_learning_rate: float = 0.05  # as a share of the first
    bf16: bool = True
    workers: int = 1
    validate_every: int = 1  # epochs; the last one is always validated
    checkpoint_seconds: float = 300.0
    stop_after_steps: int | None = None  # stops early, with a checkpoint, as an interruption would


class EpochDataset(Protocol):
    """A map-style data set whose augmentation depends on the epoch."""

    def set_epoch(self, epoch: int) -> None: ...
    def __len__(self) -> int: ...


class Task(Protocol):
    """What a task gives to the loop."""

    model: nn.Module
    dataset: EpochDataset
    collate: Callable[[list[Any]], dict[str, Tensor]]
    best_metric: str  # the key of `validate` that chooses best.pt; higher is better

    def parameter_groups(self) -> list[dict[str, Any]]: ...
    def loss(self, model: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]: ...
    def validate(self, model: nn.Module) -> dict[str, float]: ...
    def checkpoint_extra(self) -> dict[str, Any]: ...


@dataclass
class Progress:
    """Where a run stands; saved in every checkpoint."""

    epoch: int = 0
    batch: int = 0  # batches done in this epoch
    step: int = 0
    best: float = -math.inf
    history: list[dict[str, float]] = field(default_factory=list)


@contextmanager
def process_group() -> Iterator[tuple[int, int]]:
    """(rank, world size); joins torchrun's process group where there is one."""
    if "RANK" not in os.environ:
        yield 0, 1
        return
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield distributed.get_rank(), distributed.get_world_size()
    finally:
        distributed.destroy_process_group()


def epoch_order(length: int, seed: int, epoch: int) -> list[int]:
    """The shuffled order of one epoch."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return torch.randperm(length, generator=generator).tolist()


def learning_rate_factor(step: int, total: int, warmup: int, final: float) -> float:
    """Linear warm-up, then a cosine down to `final`."""
    if step < warmup:
        return (step + 1) / warmup
    done = min(1.0, (step - warmup) / max(1, total - warmup))
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * done))


def fit(task: Task, config: LoopConfig, resume: bool = False) -> Progress:
    """Train `task.model`; leaves `last.pt` (to resume) and `best.pt` (averaged weights) in `config.folder`.

    Raises:
        ValueError: `resume` without a checkpoint, or a folder that already holds one without `resume`.
    """
    with process_group() as (rank, world):
        return _fit(task, config, resume, rank, world)


def _fit(task: Task, config: LoopConfig, resume: bool, rank: int, world: int) -> Progress:
    last = config.folder / "last.pt"
    if resume and not last.exists():
        raise ValueError(f"there is nothing to resume in {config.folder}: start without --resume")
    if not resume and last.exists():
        raise ValueError(f"{config.folder} already holds a run: continue it with --resume or choose another folder")
    config.folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed + rank)
    target = device()
    model = task.model.to(target)
    groups = task.parameter_groups()
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.01)
    share = config.batch_size // world
    batches = len(task.dataset) // config.batch_size
    total = config.epochs * batches
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda step: learning_rate_factor(step, total, config.warmup_steps, config.final_learning_rate),
    )
    # A short average at first, so that the random start is forgotten (Polyak averaging with warm-up).
    averaged = AveragedModel(
        model,
        avg_fn=lambda mean, value, n: torch.lerp(mean, value, 1 - min(config.ema_decay, (1 + n) / (10 + n))),
    )
    progress = Progress()
    if resume:
        progress = _restore(last, model, averaged, optimizer, schedule)
        if rank > 0:  # the checkpoint holds the first process's generator; the others go on with their own
            torch.manual_seed((config.seed + rank) * 1_000_003 + progress.step)
    wrapped = nn.parallel.DistributedDataParallel(model) if world > 1 else model
    writer = SummaryWriter(config.folder) if rank == 0 else None
    saved_at = time.monotonic()
    trained = [p for group in groups for p in group["params"]]

    while progress.epoch < config.epochs:
        task.dataset.set_epoch(progress.epoch)
        order = epoch_order(len(task.dataset), config.seed, progress.epoch)
        mine = [
            order[b * config.batch_size + rank * share : b * config.batch_size + (rank + 1) * share]
            for b in range(progress.batch, batches)
        ]
        # A generator of its own: the loader would else draw from the one that dropout uses, and a resumed run would
        # draw once more than an uninterrupted one.
        loader = DataLoader(
            task.dataset,
            batch_sampler=mine,
            collate_fn=task.collate,
            num_workers=config.workers,
            generator=torch.Generator(),
        )
        bar = tqdm(loader, desc=f"epoch {progress.epoch + 1}/{config.epochs}", unit="batch", disable=rank > 0)
        model.train()
        for batch in bar:
            batch = {name: value.to(target) for name, value in batch.items()}
            with mixed_precision(target, config.bf16):
                loss, measures = task.loss(wrapped, batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            norm = nn.utils.clip_grad_norm_(trained, config.clip_norm)
            if not torch.isfinite(norm):
                optimizer.zero_grad(set_to_none=True)  # the step then changes nothing
            optimizer.step()
            schedule.step()
            averaged.update_parameters(model)
            progress.step += 1
            progress.batch += 1
            if writer:
                measures = {"loss": loss.item(), "gradient norm": norm.item(), **measures}
                for name, value in measures.items():
                    writer.add_scalar(f"train/{name}", value, progress.step)
                bar.set_postfix({name: f"{value:.3f}" for name, value in measures.items()})
            stop = config.stop_after_steps == progress.step
            if rank == 0 and (stop or time.monotonic() - saved_at > config.checkpoint_seconds):
                _save(last, task, model, averaged, optimizer, schedule, progress)
                saved_at = time.monotonic()
            if stop:
                return progress
        progress.epoch += 1
        progress.batch = 0
        due = progress.epoch % config.validate_every == 0 or progress.epoch == config.epochs
        if rank == 0 and due:
            averaged.eval()
            scores = task.validate(averaged.module)
            progress.history.append({"epoch": progress.epoch, **scores})
            print(f"epoch {progress.epoch}: " + ", ".join(f"{k} {v:.4f}" for k, v in scores.items()), flush=True)
            for name, value in scores.items():
                writer.add_scalar(f"dev/{name}", value, progress.step)
            if scores[task.best_metric] > progress.best:
                progress.best = scores[task.best_metric]
                save_weights(config.folder / "best.pt", averaged.module, {**task.checkpoint_extra(), "scores": scores})
        if rank == 0 and (due or time.monotonic() - saved_at > config.checkpoint_seconds):
            _save(last, task, model, averaged, optimizer, schedule, progress)
            saved_at = time.monotonic()
        if world > 1:
            distributed.barrier()
    if rank == 0:
        print(f"best {task.best_metric} on dev: {progress.best:.2f}; weights in {config.folder / 'best.pt'}")
    return progress


def save_weights(path: Path, model: nn.Module, extra: dict[str, Any]) -> None:
    """Write a model's weights and what is needed to build it again, never a half file."""
    _write(path, {"model": model.state_dict(), **extra})


def _write(path: Path, content: dict[str, Any]) -> None:
    unfinished = path.with_suffix(".part")
    torch.save(content, unfinished)
    unfinished.replace(path)


def _save(path: Path, task: Task, model, averaged, optimizer, schedule, progress: Progress) -> None:
    content = {
        "model": model.state_dict(),
        "averaged": averaged.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "progress": vars(progress),
        "rng": torch.get_rng_state(),
        **task.checkpoint_extra(),
    }
    if torch.cuda.is_available():
        content["cuda_rng"] = torch.cuda.get_rng_state()
    _write(path, content)


def _restore(path: Path, model, averaged, optimizer, schedule) -> Progress:
    # The file is this loop's own checkpoint, made on this machine or by someone the trainer trusts.
    content = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(content["model"])
    averaged.load_state_dict(content["averaged"])
    optimizer.load_state_dict(content["optimizer"])
    schedule.load_state_dict(content["schedule"])
    torch.set_rng_state(content["rng"])
    if "cuda_rng" in content and torch.cuda.is_available():
        torch.cuda.set_rng_state(content["cuda_rng"])
    return Progress(**content["progress"])
