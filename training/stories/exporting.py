"""ONNX export of the story reader, and scoring of what was exported through the running app."""

import concurrent.futures
import json
from collections.abc import Sequence
from pathlib import Path

import onnx
import requests
import torch
from torch import Tensor, nn
from tqdm import tqdm

from training.data.babi import StoryQuestion
from training.export import quantize_weights, to_onnx, write_model
from training.stories.model import StoryReader
from training.stories.vocabulary import PAD, Vocabulary

LARGEST = 2**20  # bytes of all files
LONGEST_BY_API = 100  # sentences


class Answer(nn.Module):
    """story_BMW and question_BW to probabilities_BA, calibrated, and attention_BHM."""

    def __init__(self, reader: StoryReader):
        super().__init__()
        self.reader = reader

    def forward(self, story_BMW: Tensor, question_BW: Tensor) -> tuple[Tensor, Tensor]:
        batch, sentences, words = story_BMW.shape
        sentence_BMD = self.reader.sentence(story_BMW.reshape(-1, words)).reshape(batch, sentences, -1)
        real_BM = (story_BMW[:, :, 0] != PAD).float()
        logits_BA, attention_BHM = self.reader.answer(sentence_BMD, real_BM, question_BW)
        return torch.softmax(logits_BA / self.reader.temperature, dim=-1), attention_BHM


def reader_to_onnx(model: StoryReader) -> onnx.ModelProto:
    """story int32 [batch, sentences, words], a sentence of zeros behind the last, and question int32 [batch, question_words] →
    probabilities [batch, answers] and attention [batch, hops, sentences]."""
    story = torch.tensor([[[2, 3, 4], [3, 2, PAD]], [[4, PAD, PAD], [PAD, PAD, PAD]]], dtype=torch.int32)
    question = torch.tensor([[2, 3], [3, PAD]], dtype=torch.int32)
    return to_onnx(
        Answer(model),
        [story, question],
        {"story": ["batch", "sentences", "words"], "question": ["batch", "question_words"]},
        {
            "probabilities": ["batch", model.config.answers],
            "attention": ["batch", model.config.hops, "sentences"],
        },
    )


def export(model: StoryReader, vocabulary: Vocabulary, models: Path, checkpoint: Path) -> None:
    """Write models/stories and its entry in the manifest.

    Raises:
        ValueError: the files would be larger than the app should have to load.
    """
    graph = quantize_weights(reader_to_onnx(model))
    known = json.dumps({"words": vocabulary.words, "answers": vocabulary.answers}) + "\n"
    size = graph.ByteSize() + len(known)
    if size > LARGEST:
        raise ValueError(f"the reader of stories would be {size / 2**20:.1f} MiB, more than 1: train a smaller one")
    command = f"python -m training.stories export --checkpoint {checkpoint}"
    write_model(
        models,
        "stories",
        f"recurrent memory network over stories, {model.config.hops} hops",
        command,
        {"answer.onnx": graph, "vocabulary.json": known},
    )


def answer_by_api(url: str, questions: Sequence[StoryQuestion], parallel: int = 8) -> tuple[list[str], list[float]]:
    """The best answer of a running app to each question and its probability, on the latest 100 sentences of a story."""

    def ask(question: StoryQuestion) -> tuple[str, float]:
        body = {"story": question.story[-LONGEST_BY_API:], "question": question.question, "count": 1}
        response = requests.post(f"{url}/api/stories", json=body, timeout=60)
        response.raise_for_status()
        best = response.json()["answers"][0]
        return best["text"], best["probability"]

    with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
        answered = list(tqdm(pool.map(ask, questions), total=len(questions), desc="asking", unit="question"))
    return [text for text, _ in answered], [probability for _, probability in answered]
