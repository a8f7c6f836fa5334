"""The app gives the same answers, whoever runs its models."""

import json

import pytest

from .conftest import ROOT, send, send_form

PHOTOS = [ROOT / "public/samples" / name for name in ("cat.webp", "horses.webp")]
TEXT = {"text": "Dear reader,\nall is well.", "seed": 7}
INK = [[[0, 0], [6, 20], [12, 0]], [[20, 20], [20, 0], [30, 10], [20, 20]]]


def without_place(answer: dict) -> dict:
    return {key: value for key, value in answer.items() if key not in ("provider", "timings")}


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "fields", [{}, {"rerank": "false", "beamWidth": "6", "count": "6"}], ids=["elected", "searched"]
)
def test_captions_are_the_same(app, remote_app, photo, fields):
    (_, ours), (status, theirs) = (
        send_form(f"{url}/api/captioning", photo, attention="true", **fields) for url in (app, remote_app)
    )
    assert (status, theirs["provider"]) == (200, "remote")
    assert [caption["text"] for caption in theirs["captions"]] == [caption["text"] for caption in ours["captions"]]
    for mine, other in zip(ours["captions"], theirs["captions"], strict=True):
        assert other["score"] == pytest.approx(mine["score"], abs=1e-4)
        assert other["logProbability"] == pytest.approx(mine["logProbability"], abs=1e-4)
        for word, same in zip(mine["tokens"], other["tokens"], strict=True):
            assert same["text"] == word["text"]
            assert same["attention"] == pytest.approx(word["attention"], abs=1e-4)


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda path: path.stem)
def test_answers_are_the_same(app, remote_app, photo):
    (_, ours), (status, theirs) = (
        send_form(f"{url}/api/vqa", photo, question="What color is the animal?", count="10")
        for url in (app, remote_app)
    )
    assert (status, theirs["provider"]) == (200, "remote")
    for key in ("answers", "withoutImage"):
        assert [answer["text"] for answer in theirs[key]] == [answer["text"] for answer in ours[key]]
        assert [answer["probability"] for answer in theirs[key]] == pytest.approx(
            [answer["probability"] for answer in ours[key]], abs=1e-4
        )


@pytest.mark.parametrize(
    "more", [{}, {"prime": {"strokes": INK, "text": "ab"}}, {"prime": {"strokes": INK}}], ids=["style", "prime", "read"]
)
def test_ink_is_the_same(app, remote_app, more):
    body = json.dumps({**TEXT, **more}).encode()
    (_, ours), (status, theirs) = (send(f"{url}/api/handwriting", body) for url in (app, remote_app))
    assert (status, theirs["provider"]) == (200, "remote")
    assert without_place(theirs) == without_place(ours)


def test_it_is_ready_and_says_where_the_models_run(remote_app):
    assert send(f"{remote_app}/api/health/ready") == (200, {"status": "ready", "provider": "remote", "missing": []})
