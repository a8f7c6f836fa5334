"""ONNX export of the translators, and scoring of what was exported through the running app."""

import concurrent.futures
import json
from collections.abc import Sequence
from pathlib import Path

import onnx
import requests
import torch
from torch import Tensor, nn
from tqdm import tqdm

from training.export import quantize_weights, to_onnx, write_model
from training.integer_products import share_transposed
from training.translation.model import KINDS, Translator, load
from training.translation.search import LENGTH_PENALTY, LONGEST
from training.translation.vocabulary import PAD

LARGEST = 5 * 2**20  # bytes of all files


class _Encode(nn.Module):
    def __init__(self, translator: Translator):
        super().__init__()
        self.translator = translator

    def forward(self, source_BS: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        memory_BSM, state_BZ = self.translator.encode(source_BS)
        return (memory_BSM, state_BZ) if self.translator.attends else state_BZ


class _Step(nn.Module):
    def __init__(self, translator: Translator):
        super().__init__()
        self.translator = translator

    def forward(
        self,
        tokens_BK: Tensor,
        state_BKZ: Tensor,
        memory_BSM: Tensor | None = None,
        source_BS: Tensor | None = None,
    ) -> tuple[Tensor, ...]:
        real_BS = None if source_BS is None else (source_BS != PAD).float()
        logits_BKV, state_BKZ, attention_BKS = self.translator.step(tokens_BK, state_BKZ, memory_BSM, real_BS)
        outputs = (torch.log_softmax(logits_BKV, dim=-1), state_BKZ)
        return outputs if attention_BKS is None else (*outputs, attention_BKS)


def translator_to_onnx(model: Translator) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """The two graphs of a translator.

    encode: source int32 [batch, source], zeros behind its end → state [batch, Z], and of `attention` memory [batch, source, M].
    step: tokens int32 [batch, beam], state [batch, beam, Z], and of `attention` memory and source → logProbabilities
    [batch, beam, V], nextState [batch, beam, Z], and of `attention` attention [batch, beam, source].
    """
    size, pieces = model.state_size, model.config.target_pieces
    source = torch.tensor([[4, 5, 3], [6, 3, PAD]], dtype=torch.int32)
    tokens = torch.tensor([[2, 5, 6, 7], [2, 8, 9, 10]], dtype=torch.int32)
    state = torch.zeros(2, 4, size)
    inputs = {"tokens": ["batch", "beam"], "state": ["batch", "beam", size]}
    outputs = {"logProbabilities": ["batch", "beam", pieces], "nextState": ["batch", "beam", size]}
    if not model.attends:
        encode = to_onnx(_Encode(model), [source], {"source": ["batch", "source"]}, {"state": ["batch", size]})
        step = to_onnx(_Step(model), [tokens, state], inputs, outputs)
        share_transposed(step)
        return encode, step
    memory = {"memory": ["batch", "source", 2 * model.config.encoder_size]}
    encode = to_onnx(_Encode(model), [source], {"source": ["batch", "source"]}, memory | {"state": ["batch", size]})
    remembered = torch.zeros(2, 3, 2 * model.config.encoder_size)
    step = to_onnx(
        _Step(model),
        [tokens, state, remembered, source],
        inputs | memory | {"source": ["batch", "source"]},
        outputs | {"attention": ["batch", "beam", "source"]},
    )
    # The output matrix is the embedding's transpose.
    share_transposed(step)
    return encode, step


def export(checkpoint: Path, plain: Path, models: Path) -> None:
    """Write models/translation and its entry in the manifest.

    Raises:
        ValueError: the checkpoints are not one of each kind with the same subwords, or the files would be larger than the app
            should have to load.
    """
    loaded = [load(checkpoint), load(plain)]
    if tuple(model.config.kind for model, _ in loaded) != KINDS:
        raise ValueError(
            f"give --checkpoint a translator with attention, and --plain one without: {checkpoint}, {plain}"
        )
    vocabulary = loaded[0][1]
    if loaded[1][1] != vocabulary:
        raise ValueError(
            "the translators have learned other subwords: train both on the same pairs, with as many subwords"
        )
    files: dict[str, onnx.ModelProto | str] = {}
    for model, _ in loaded:
        for name, graph in zip(("encode", "step"), translator_to_onnx(model), strict=True):
            files[f"{model.config.kind}-{name}.onnx"] = quantize_weights(graph)
    known = {
        "english": vocabulary.english.pieces,
        "russian": vocabulary.russian.pieces,
        "maxLength": LONGEST,
        "lengthPenalty": LENGTH_PENALTY,
    }
    files["vocabulary.json"] = json.dumps(known, ensure_ascii=False, separators=(",", ":")) + "\n"
    size = sum(len(f.encode()) if isinstance(f, str) else f.ByteSize() for f in files.values())
    if size > LARGEST:
        raise ValueError(f"the translators would be {size / 2**20:.1f} MiB, more than 5: train smaller ones")
    command = f"python -m training.translation export --checkpoint {checkpoint} --plain {plain}"
    write_model(models, "translation", "LSTM encoder-decoders, with attention and without", command, files)


def translate_by_api(
    url: str, texts: Sequence[str], variant: str, beam_width: int, parallel: int = 8
) -> dict[str, str]:
    """The best translation of each text from a running app.

    Raises:
        ValueError: the app cannot be reached or refuses a text.
    """

    def ask(text: str) -> str:
        body = {"text": text, "variant": variant, "beamWidth": beam_width, "count": 1}
        response = requests.post(f"{url}/api/translation", json=body, timeout=60)
        if response.status_code != 200:
            raise ValueError(f"{url} answered {response.status_code} for {text!r}: {response.text[:300]}")
        return response.json()["translations"][0]["text"]

    try:
        with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
            found = list(tqdm(pool.map(ask, texts), total=len(texts), desc="translating by API", unit="text"))
    except requests.ConnectionError as error:
        raise ValueError(f"no app answers at {url}: start it with `npm start`") from error
    return dict(zip(texts, found, strict=True))
