"""ONNX export of the answerer, and scoring of what was exported through the running app."""

import concurrent.futures
import json
from collections.abc import Sequence
from pathlib import Path

import onnx
import requests
import torch
from torch import Tensor, nn
from tqdm import tqdm

from training.data.visual_questions import VisualQuestion
from training.export import quantize_weights, to_onnx, write_model
from training.vision import FEATURES, REGIONS
from training.vqa.answerer import Answerer
from training.vqa.vocabulary import LONGEST, Vocabulary

LARGEST = 5 * 2**20  # bytes of all files, beside the shared encoder


class _Prepare(nn.Module):
    def __init__(self, answerer: Answerer):
        super().__init__()
        self.answerer = answerer

    def forward(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        return self.answerer.prepare(regions)


class _Answer(nn.Module):
    def __init__(self, answerer: Answerer):
        super().__init__()
        self.answerer = answerer

    def forward(self, tokens: Tensor, photo: Tensor, features: Tensor, keys: Tensor) -> tuple[Tensor, Tensor]:
        logits, attention = self.answerer.answer(tokens, photo, features, keys)
        return torch.softmax(logits / self.answerer.temperature, dim=-1), attention


def answerer_to_onnx(model: Answerer) -> dict[str, onnx.ModelProto]:
    """The two graphs by file name, with fp32 weights: prepare.onnx, once for a photo, and answer.onnx.

    A row of answer.onnx is a question; `photo` counts out which of the prepared photos it is on, so that many
    questions on one photo share what was prepared. Zeros for regions stand for a missing photo.
    """
    regions = torch.rand(2, REGIONS, FEATURES)
    with torch.no_grad():
        features, keys = model.prepare(regions)
    shared = {"features": ["photos", *features.shape[1:]], "keys": ["photos", *keys.shape[1:]]}
    prepare = to_onnx(_Prepare(model), [regions], {"regions": ["photos", REGIONS, FEATURES]}, shared)
    answer = to_onnx(
        _Answer(model),
        [torch.tensor([[2, 3, 0], [2, 1, 1], [3, 0, 0]], dtype=torch.int32), torch.tensor([0, 1, 1], dtype=torch.int32), features, keys],
        {"tokens": ["batch", "words"], "photo": ["batch"], **shared},
        {"probabilities": ["batch", model.config.answers], "attention": ["batch", REGIONS]},
    )  # fmt: skip
    return {"prepare.onnx": prepare, "answer.onnx": answer}


def export(model: Answerer, vocabulary: Vocabulary, models: Path, checkpoint: Path) -> None:
    """Write models/vqa and its entry in the manifest.

    Raises:
        ValueError: the files would be larger than the app should have to load.
    """
    words = {
        "words": vocabulary.words,
        "aliases": vocabulary.aliases,
        "answers": vocabulary.answers,
        "maxLength": LONGEST,
    }
    files: dict[str, onnx.ModelProto | str] = {
        **{file: quantize_weights(graph) for file, graph in answerer_to_onnx(model).items()},
        "vocabulary.json": json.dumps(words, ensure_ascii=False, separators=(",", ":")) + "\n",
    }
    size = sum(len(c.encode()) if isinstance(c, str) else c.ByteSize() for c in files.values())
    if size > LARGEST:
        raise ValueError(
            f"the model would be {size / 2**20:.1f} MiB, more than {LARGEST / 2**20:.0f}: train a smaller one"
        )
    command = f"python -m training.vqa export --checkpoint {checkpoint}"
    write_model(models, "vqa", f"{model.config.kind} LSTM question answerer", command, files)


def answer_by_api(url: str, questions: Sequence[VisualQuestion]) -> tuple[list[str], list[float]]:
    """The top answer of each question from a running app, and its probability.

    Raises:
        ValueError: the app cannot be reached or refuses a question.
    """

    def ask(question: VisualQuestion) -> tuple[str, float]:
        with question.path.open("rb") as file:
            data = {"question": question.question}
            answer = session.post(f"{url}/api/vqa", files={"image": file}, data=data, timeout=120)
        if answer.status_code != 200:
            raise ValueError(f"{url} answered {answer.status_code} for {question.question!r}: {answer.text[:300]}")
        best = answer.json()["answers"][0]
        return best["text"], best["probability"]

    try:
        with requests.Session() as session, concurrent.futures.ThreadPoolExecutor(4) as pool:
            found = list(tqdm(pool.map(ask, questions), total=len(questions), desc="asking by API", unit="question"))
    except requests.ConnectionError as error:
        raise ValueError(f"no app answers at {url}: start it with `npm start`") from error
    return [text for text, _ in found], [probability for _, probability in found]
