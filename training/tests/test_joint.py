"""Joint training: what a batch holds, that both losses reach the encoder, overfitting, and the checkpoints it is split into."""

from pathlib import Path

import pytest
import torch

from training.captioning.decoder import Decoder, DecoderConfig
from training.captioning.model import Captioner
from training.captioning.train import IGNORED, caption_photos
from training.captioning.vocabulary import Vocabulary as CaptionVocabulary
from training.data.captions import load_flickr8k
from training.data.visual_questions import VisualQuestion
from training.joint.__main__ import main
from training.joint.train import AugmentedPhotos, JointDataset, JointModel, JointTask, collate, encode
from training.loop import LoopConfig, fit
from training.tests.test_captioning import TinyVision
from training.vision import VisionEncoder
from training.vqa import model as vqa_model
from training.vqa.answerer import Answerer, AnswererConfig
from training.vqa.train import QuestionDataset
from training.vqa.vocabulary import Vocabulary


def joint_task(flickr8k: Path, vision: torch.nn.Module | None = None, vision_rate: float = 0.0) -> JointTask:
    """Four colours, of which one photo has no caption."""
    captioned = [(load_flickr8k(flickr8k, "train") + load_flickr8k(flickr8k, "dev"))[i] for i in (0, 3, 4, 7)]
    questions = [
        VisualQuestion("daquar", photo.id, photo.path, "what color is it", (photo.path.stem.split("_")[0],), "other")
        for photo in captioned
    ]
    words = CaptionVocabulary.from_captions([text for photo in captioned for text in photo.captions], 1)
    vocabulary = Vocabulary.from_questions(questions, least_words=1, least_answers=1)
    captioner = Captioner(
        VisionEncoder(None), Decoder(DecoderConfig(len(words), "soft-attention", 48, 24, 24, dropout=0.0))
    )
    captioner.vision = vision or TinyVision()
    sizes = {"hidden_size": 48, "embedding_size": 24, "attention_size": 24, "dropout": 0.0}
    answerer = Answerer(AnswererConfig(len(vocabulary.words), len(vocabulary.answers), **sizes))
    paths = {photo.id: photo.path for photo in captioned}
    asked = QuestionDataset(questions, vocabulary, AugmentedPhotos(paths, 1), 1, word_dropout=0.0, photo_dropout=0.0)
    references = {photo.id: [words.encode(text, 20) for text in photo.captions] for photo in captioned[1:]}
    return JointTask(
        JointModel(captioner, answerer),
        words,
        vocabulary,
        JointDataset(asked, references, 3),
        captioned[1:],
        {"daquar": questions},
        rate=5e-3,
        vision_rate=vision_rate,
        answers_weight=1.0,
        smoothing=0.0,
    )


def test_a_batch_holds_photos_with_their_captions_and_questions(flickr8k: Path) -> None:
    dataset = joint_task(flickr8k).dataset
    batch = collate([dataset[index] for index in range(4)])
    assert batch["photo"].shape == (4, 3, 224, 224) and batch["photo"].dtype == torch.uint8
    counted = (batch["targets"] != IGNORED).any(-1).sum(1)
    assert counted.tolist() == [0, 3, 3, 3]
    assert batch["asked_photo"].tolist() == [0, 1, 2, 3]
    # Another epoch varies the photos anew, the same one does not.
    again = dataset[1][0]
    dataset.set_epoch(1)
    other = dataset[1][0]
    dataset.set_epoch(0)
    assert torch.equal(again, dataset[1][0]) and not torch.equal(again, other)


def test_a_batch_without_captions_has_a_loss(flickr8k: Path) -> None:
    task = joint_task(flickr8k)
    loss, measures = task.loss(task.model, collate([task.dataset[0]]))
    assert measures["captions"] == 0 and loss.item() == pytest.approx(measures["answers"])


def test_both_losses_reach_the_encoder(flickr8k: Path) -> None:
    task = joint_task(flickr8k, VisionEncoder(None), vision_rate=1e-4)
    batch = collate([task.dataset[index] for index in (1, 2)])
    weight = next(p for p in task.model.captioner.vision.blocks.parameters() if p.requires_grad)
    gradients = []
    for answers_weight in (0.0, 1.0):
        task.answers_weight = answers_weight
        task.model.zero_grad()
        task.loss(task.model, batch)[0].backward()
        gradients.append(weight.grad.clone())
    assert gradients[0].abs().sum() > 0 and (gradients[1] - gradients[0]).abs().sum() > 0
    assert all(p.grad is None for p in task.model.captioner.vision.stem.parameters())
    trained = {id(p) for group in task.parameter_groups() for p in group["params"]}
    assert {id(p) for p in task.model.parameters() if p.requires_grad} == trained


def test_overfits_both_tasks_and_is_split_into_their_checkpoints(flickr8k: Path, tmp_path: Path) -> None:
    task = joint_task(flickr8k)
    fit(
        task,
        LoopConfig(tmp_path / "run", 60, 4, validate_every=60, ema_decay=0.0, warmup_steps=5, bf16=False, workers=0),
    )
    assert main(["split", "--checkpoint", str(tmp_path / "run/best.pt"), "--out", str(tmp_path)]) == 0
    content = torch.load(tmp_path / "captioner.pt", weights_only=True)
    captioner = Captioner(VisionEncoder(None), Decoder(DecoderConfig(**content["decoder"])))
    captioner.vision = TinyVision()
    captioner.load_state_dict(content["model"])
    words = CaptionVocabulary(content["words"])
    found = caption_photos(captioner, words, task.dev_captioned)
    assert all(Path(photo).name.split("_")[0] in caption for photo, caption in found.items())
    answerer, vocabulary = vqa_model.load(tmp_path / "answerer.pt")
    questions = task.vqa.dev["daquar"]
    regions = encode(captioner, {question.photo: question.path for question in questions})
    for question in questions:
        tokens = torch.tensor([vocabulary.encode(question.question)])
        logits = answerer(torch.from_numpy(regions[question.photo])[None], tokens, torch.tensor([0]))
        assert vocabulary.answers[logits.argmax()] == question.answers[0]


def test_says_what_is_no_joint_checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["split", "--checkpoint", str(tmp_path / "none.pt"), "--out", str(tmp_path)]) == 2
    torch.save({"model": {}}, tmp_path / "other.pt")
    assert main(["split", "--checkpoint", str(tmp_path / "other.pt"), "--out", str(tmp_path)]) == 2
    assert "is not a checkpoint of `python -m training.joint train`" in capsys.readouterr().err
