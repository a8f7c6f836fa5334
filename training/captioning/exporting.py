"""ONNX export of the captioner, and scoring of what was exported through the running app."""

import concurrent.futures
import json
from collections.abc import Sequence
from pathlib import Path

import requests
import torch
from torch import Tensor, nn
from tqdm import tqdm

from training.captioning.decoder import Decoder
from training.captioning.model import Captioner
from training.captioning.train import LONGEST
from training.captioning.vocabulary import Vocabulary
from training.data.captions import CaptionedPhoto
from training.data.photos import open_photo, squash, to_pixels
from training.export import fold_batch_norm_statistics, quantize_weights, to_onnx, with_arrays_of, write_model
from training.int8_encoder import float_twin, to_int8
from training.integer_products import integer_products, share_transposed
from training.metrics.cider import document_frequencies
from training.vision import FEATURES, REGIONS, SIZE

BEAM_WIDTH = 4
CALIBRATION_PHOTOS = 256  # from which the ranges of the encoder's activations are taken
LEAST_DOCUMENTS = 40  # photos that a phrase has to be in for the app to know how many


class _Prepare(nn.Module):
    def __init__(self, decoder: Decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, regions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.decoder.prepare(regions)


class _Step(nn.Module):
    def __init__(self, decoder: Decoder):
        super().__init__()
        self.decoder = decoder

    def forward(
        self, tokens: Tensor, state: Tensor, photo: Tensor, features: Tensor, keys: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        # The rows are picked in here, so that features and keys stay on the device while photos drop out of the search.
        logits, state, attention = self.decoder.step(
            tokens, state, features.index_select(0, photo), keys.index_select(0, photo)
        )
        return torch.log_softmax(logits, dim=-1), state, attention


def captioner_to_onnx(model: Captioner) -> dict:
    """The three graphs by file name, with fp32 weights: encoder.onnx, prepare.onnx and step.onnx."""
    config = model.decoder.config
    R, F, S, V = REGIONS, config.hidden_size, model.decoder.state_size, config.vocabulary_size
    encoder = to_onnx(
        model.vision,
        [torch.rand(2, 3, SIZE, SIZE)],
        {"pixels": ["batch", 3, SIZE, SIZE]},
        {"regions": ["batch", R, FEATURES]},
    )
    fold_batch_norm_statistics(encoder)
    regions = torch.rand(2, R, FEATURES)
    with torch.no_grad():
        features, keys, state = model.decoder.prepare(regions)
    A = keys.shape[-1]
    prepare = to_onnx(
        _Prepare(model.decoder),
        [regions],
        {"regions": ["batch", R, FEATURES]},
        {"features": ["batch", R, F], "keys": ["batch", R, A], "state": ["batch", S]},
    )
    prepared = {"features": ["photos", R, F], "keys": ["photos", R, A]}
    step = to_onnx(
        _Step(model.decoder),
        [
            torch.zeros(2, 3, dtype=torch.int32),
            state.unsqueeze(1).expand(2, 3, -1).contiguous(),
            torch.arange(2, dtype=torch.int32),
            features,
            keys,
        ],
        {"tokens": ["batch", "beam"], "state": ["batch", "beam", S], "photo": ["batch"], **prepared},
        {
            "logProbabilities": ["batch", "beam", V],
            "nextState": ["batch", "beam", S],
            "attention": ["batch", "beam", R],
        },
    )
    share_transposed(step)
    return {"encoder.onnx": encoder, "prepare.onnx": prepare, "step.onnx": step}


def phrase_frequencies(references: Sequence[Sequence[Sequence[int]]]) -> dict[str, int]:
    """In how many photos' references (token ids, end token included) each frequent phrase of 1 to 4 tokens is.

    The app ranks captions with these. Of the rare phrases, which are most of the bytes, it takes each to be in one photo:
    on dev photos that changes no score.
    """
    frequencies = document_frequencies(references)
    frequent = {" ".join(map(str, ngram)): n for ngram, n in frequencies.items() if n >= LEAST_DOCUMENTS}
    return dict(sorted(frequent.items(), key=lambda pair: (-pair[1], pair[0])))


def calibration_pixels(captioned: Sequence[CaptionedPhoto]) -> Tensor:
    """Photos of the training data, spread evenly over it: float32 [photos, 3, 224, 224], 0..1."""
    chosen = captioned[:: max(1, len(captioned) // CALIBRATION_PHOTOS)][:CALIBRATION_PHOTOS]
    return torch.stack([to_pixels(squash(open_photo(photo.path))) for photo in chosen]) / 255


def export(
    model: Captioner,
    vocabulary: Vocabulary,
    captioned: Sequence[CaptionedPhoto],
    calibration: Tensor | None,
    models: Path,
    length_penalty: float,
    command: str,
    decoder_only: bool = False,
    int8: bool = True,
) -> None:
    """Write models/vision, models/captioning and their entries in the manifest.

    Args:
        captioned: the training photos, for the document frequencies of their captions.
        calibration: pixels_BCHW of training photos, for the encoder's int8 arithmetic; without them it stays in fp32.
        command: what the manifest says that the files were made by.
        decoder_only: leave models/vision as it is.
        int8: False leaves the decoder in fp32 too, weights included, at four times the bytes.
    """
    graphs = captioner_to_onnx(model)
    encoder = {"encoder.onnx": graphs.pop("encoder.onnx")}
    twins = {}
    if calibration is not None:
        in_bytes = to_int8(encoder["encoder.onnx"], calibration)
        encoder = {"encoder.onnx": in_bytes, "encoder.gpu.onnx": float_twin(in_bytes, "encoder.onnx")}
        twins = {"encoder.onnx": "encoder.gpu.onnx"}
    if int8:
        graphs = {file: quantize_weights(graph) for file, graph in graphs.items()}
        step = integer_products(graphs["step.onnx"])
        graphs |= {"step.onnx": step, "step.gpu.onnx": with_arrays_of(graphs["step.onnx"], step, "step.onnx")}
        twins["step.onnx"] = "step.gpu.onnx"
    settings = {
        "words": vocabulary.words,
        "maxLength": LONGEST,
        "beamWidth": BEAM_WIDTH,
        "lengthPenalty": length_penalty,
        "documents": len(captioned),
        "phrases": phrase_frequencies([[vocabulary.encode(t, LONGEST) for t in p.captions] for p in captioned]),
    }
    if not decoder_only:
        write_model(
            models, "vision", "DenseNet-169 image encoder: 7×7 regions of 1,664 features", command, encoder, twins
        )
    files = {**graphs, "vocabulary.json": json.dumps(settings, ensure_ascii=False, separators=(",", ":")) + "\n"}
    write_model(
        models,
        "captioning",
        f"{model.decoder.config.kind} LSTM caption decoder",
        command,
        files,
        twins,
        {"prepare.onnx": ["features", "keys"]},
    )


def caption_by_api(url: str, captioned: Sequence[CaptionedPhoto], options: dict[str, int | str]) -> dict[str, str]:
    """The best caption of each photo from a running app, by photo id.

    Args:
        options: fields of the request; what is not said is left to the app.

    Raises:
        ValueError: the app cannot be reached or refuses a photo.
    """

    def ask(photo: CaptionedPhoto) -> tuple[str, str]:
        with photo.path.open("rb") as file:
            answer = session.post(f"{url}/api/captioning", files={"image": file}, data=options, timeout=120)
        if answer.status_code != 200:
            raise ValueError(f"{url} answered {answer.status_code} for {photo.path.name}: {answer.text[:300]}")
        return photo.id, answer.json()["captions"][0]["text"]

    try:
        with requests.Session() as session, concurrent.futures.ThreadPoolExecutor(4) as pool:
            return dict(tqdm(pool.map(ask, captioned), total=len(captioned), desc="captioning by API", unit="photo"))
    except requests.ConnectionError as error:
        raise ValueError(f"no app answers at {url}: start it with `npm start`") from error
