"""A transformers checkpoint as a reader: its tokens' scores at the characters that they cover (torch, optional)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from extraction.errors import BadModel
from extraction.tagger import Labels, Probabilities

CONFIG, CHECKPOINT = "config.json", "model.safetensors"
_TOKENIZERS = ("tokenizer.json", "vocab.txt")
_LONGEST = 512
_CONTEXT = 32
_MARKS = 2
_TOKENS_AT_ONCE = 512


def is_checkpoint(directory: Path) -> bool:
    """Whether the folder is laid out as transformers saves a model."""
    return (directory / CONFIG).is_file() and (directory / CHECKPOINT).is_file()


class TorchReader:
    """A model for token classification, with any fast tokenizer whose tokens know the characters they stand for."""

    def __init__(self, model: Any, tokenizer: Any, place: str) -> None:
        names = [model.config.id2label[i] for i in range(model.config.num_labels)]
        self.labels = Labels.known(names, place)
        self._columns = [names.index(name) for name in self.labels.names]
        self._model, self._tokenizer = model, tokenizer
        limits = (tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", None))
        self._longest = min(limit for limit in (*limits, _LONGEST) if limit)

    @classmethod
    def load(cls, directory: Path, *, threads: int = 0) -> Self:
        """Read what ``save_pretrained`` wrote of a model and its tokenizer.

        :param threads: set for all that torch does in the process; 0 leaves it as it is.
        :raises BadModel: torch is not installed, a file is missing or damaged, or the labels are not known.
        """
        place = str(directory)
        try:
            import torch
            import transformers
        except ImportError as error:
            raise BadModel(
                place, f"a transformers checkpoint, and {error.name} is not here", 'pip install "nianbao[train]"'
            ) from error
        if not any((directory / name).is_file() for name in _TOKENIZERS):
            raise BadModel(place, f"no {' or '.join(_TOKENIZERS)} in it", "save the tokenizer in the same folder")
        # The weights of a checkpoint are read, its code is not run.
        options = {"local_files_only": True, "trust_remote_code": False}
        try:
            with _quiet(transformers.utils.logging):
                tokenizer = transformers.AutoTokenizer.from_pretrained(place, **options)
                model, loaded = transformers.AutoModelForTokenClassification.from_pretrained(
                    place, use_safetensors=True, output_loading_info=True, dtype=torch.float32, **options
                )
        except Exception as error:
            found = " ".join(str(error).split())[:80]
            raise BadModel(place, f"cannot be loaded ({found!r})", "save the model again") from error
        if loaded["missing_keys"]:
            raise BadModel(place, f"no weights of {min(loaded['missing_keys'])}", "train it for token classification")
        if not tokenizer.is_fast:
            raise BadModel(place, "a tokenizer without offsets", "save a fast one (tokenizer.json)")
        if len(tokenizer) > model.config.vocab_size:
            found = f"a tokenizer of {len(tokenizer)} tokens for a model of {model.config.vocab_size}"
            raise BadModel(place, found, "keep both together")
        if threads:
            torch.set_num_threads(threads)
        return cls(model.eval(), tokenizer, place)

    def scores(self, texts: Sequence[str], form: str | None, year: int | None) -> list[Probabilities]:
        """Scores of all labels at each character of each text, (len(text), labels); ``form`` and ``year`` go unread."""
        found: dict[int, Probabilities] = {}
        for batch in _batches([len(text) + _MARKS for text in texts]):
            found.update(zip(batch, self._batch([texts[i] for i in batch]), strict=True))
        return [found[i] for i in range(len(texts))]

    def _batch(self, texts: list[str]) -> Iterator[Probabilities]:
        import torch

        # A text of more tokens than the model takes comes as several rows, each with the end of the one before.
        encoded = self._tokenizer(
            texts, padding=True, truncation=True, max_length=self._longest, stride=min(_CONTEXT, self._longest // 4),
            return_overflowing_tokens=True, return_offsets_mapping=True, return_tensors="pt",
        )  # fmt: skip
        rows = encoded.pop("overflow_to_sample_mapping").numpy()
        offsets = encoded.pop("offset_mapping").numpy()
        with torch.inference_mode():
            logits = self._model(**encoded).logits[..., self._columns].numpy()
        for index, text in enumerate(texts):
            own = rows == index
            yield at_characters(
                logits[own].reshape(-1, logits.shape[-1]), offsets[own].reshape(-1, 2),
                length=len(text), spans=len(self.labels.spans),
            )  # fmt: skip


def at_characters(scores: Probabilities, offsets: npt.NDArray[np.int64], *, length: int, spans: int) -> Probabilities:
    """Scores of tokens, (tokens, labels), at the characters of a text, (length, labels).

    Where a token covers several characters, the first takes what begins and the others go on with it. A character that
    no token covers begins and is inside of nothing, and tells of the whole text what the others tell.

    :param offsets: start and end in the text, (tokens, 2), as a fast tokenizer gives them; equal where it adds a mark.
    :param spans: how many of the labels come as begin and inside, after the first and before those of headers.
    """
    begin, inside = slice(1, 2 * spans, 2), slice(2, 2 * spans + 1, 2)
    found = np.full((length, scores.shape[1]), -np.inf, dtype=np.float32)
    found[:, 0] = 0
    covered = np.zeros(length, dtype=bool)
    for row, (start, end) in zip(scores, offsets, strict=True):
        if start < end and not covered[start]:
            found[start:end] = row
            found[start + 1 : end, inside] = np.logaddexp(row[begin], row[inside])
            found[start + 1 : end, begin] = -np.inf
            covered[start:end] = True
    if covered.any():
        apart = [0, *range(1 + 2 * spans, scores.shape[1])]
        found[np.ix_(~covered, apart)] = found[np.ix_(covered, apart)].mean(axis=0)
    return found


@contextmanager
def _quiet(logging: Any) -> Iterator[None]:
    """Without the bars and reports that transformers prints while it loads."""
    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity(logging.CRITICAL)
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of texts of like length, as many as are read at once."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[index] > _TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
