"""The model: sentences to the probability of each label at each character; ONNX Runtime runs it, or another."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from extraction.document import Sentence
from extraction.encoding import ROW, Numbers, Vocabulary
from extraction.errors import BadModel
from extraction.resources.forms import load_forms
from extraction.resources.metrics import load_metrics
from extraction.resources.problems import PROBLEM_TYPES
from extraction.windows import windows

Probabilities = npt.NDArray[np.float32]
Run = Callable[[Numbers, Numbers], Probabilities]
"""Token ids and places in words, both (length,), to logits (length, labels)."""

OUTSIDE = "O"
WEIGHTS, VOCABULARY, LABELS = "model.onnx", "vocabulary.txt", "labels.txt"
LONGEST = 240
_CERTAIN = 1e-6
_SLOWER_FUSIONS = ["SkipLayerNormFusion"]
"""ONNX Runtime joins addition and normalisation to one step that takes several times as long as the two."""


@dataclass(frozen=True)
class Labels:
    """The labels of a model in the order of its scores: ``O``, ``B-metric`` and ``I-metric`` …, ``row:cell`` …."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, spans: Iterable[str], headers: Iterable[str]) -> Self:
        """Begin and inside of each kind of span, then the labels of headers."""
        return cls((OUTSIDE, *(f"{part}-{span}" for span in spans for part in "BI"), *headers))

    @classmethod
    def known(cls, names: Sequence[str], place: str) -> Self:
        """The labels of ``names``, in whatever order they stand there, in ours.

        :raises BadModel: a label names no metric, problem type or cell of a form, or lacks its begin or inside.
        """
        known = {OUTSIDE, *header_labels(), *(f"{p}-{s}" for s in (*load_metrics(), *PROBLEM_TYPES) for p in "BI")}
        if unknown := [name for name in names if name not in known]:
            raise BadModel(place, f"unknown labels {unknown[:3]}", "define them in metrics.yaml or train again")
        labels = cls.of((name[2:] for name in names if name.startswith("B-")), (name for name in names if ":" in name))
        if sorted(labels.names) != sorted(names):
            unpaired = sorted(set(labels.names) ^ set(names))[:3] or "some twice"
            raise BadModel(place, f"not O and a B- and an I- of each label ({unpaired})", "train with all of them")
        return labels

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file of a label a line.

        :raises BadModel: the labels are not known, or stand in another order than ours.
        """
        names = tuple(path.read_text(encoding="utf-8").split())
        labels = cls.known(names, str(path))
        if labels.names != names:
            raise BadModel(str(path), "not a list of labels", "take the file that was saved with the model")
        return labels

    def save(self, path: Path) -> None:
        """Write a label a line."""
        path.write_text("".join(f"{name}\n" for name in self.names), encoding="utf-8")

    @cached_property
    def ids(self) -> dict[str, int]:
        """The place of each label."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def spans(self) -> tuple[str, ...]:
        """The metrics and problem types, without B and I."""
        return tuple(name[2:] for name in self.names if name.startswith("B-"))

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The labels of rows and columns."""
        return tuple(name for name in self.names if ":" in name)


def header_labels() -> list[str]:
    """A label for every row and column of every form: ``row:applications.granted``, ``column:disputes.pending``."""
    found: dict[str, None] = {}
    for form in load_forms():
        for table in form.tables:
            for block in table.all_blocks:
                found.update(dict.fromkeys(f"row:{table.id}.{row.id}" for row in block.rows))
                found.update(dict.fromkeys(f"column:{table.id}.{column.id}" for column in block.columns if column.id))
    return list(found)


class Reader(Protocol):
    """What runs a model: texts in, scores of its labels at each character out."""

    @property
    def labels(self) -> Labels:
        """The labels in the order of the scores."""

    def scores(self, texts: Sequence[str], form: str | None, year: int | None) -> list[Probabilities]:
        """Scores before softmax, (len(text), labels) a text.

        :param form: the report's form, or `ROW` for a table's label; ``year`` is the one that it reports on.
        """


class Tagger:
    """A trained model, whichever back end runs it."""

    def __init__(self, reader: Reader) -> None:
        self.labels, self._reader = reader.labels, reader
        self._inside = 1 + 2 * len(self.labels.spans)

    @classmethod
    def load(cls, directory: Path, *, threads: int = 0) -> Self:
        """Read a directory with a model in ONNX; ``threads`` 0 means as many as there are cores.

        :raises BadModel: a file is missing or damaged, or the labels are not those of the weights.
        """
        return cls(OnnxReader.load(directory, threads=threads))

    def read(
        self, sentences: Sequence[Sentence], wanted: Sequence[bool], *, form: str | None, year: int | None = None
    ) -> dict[int, Probabilities]:
        """For each wanted sentence, by its index, the probabilities of the span labels: (len(text), 1 + 2 spans).

        Column 0 is no label, 1 + 2k and 2 + 2k begin and inside of ``labels.spans[k]``.
        """
        parts = windows(sentences, wanted, longest=LONGEST)
        scores = self._reader.scores([part.text for part in parts], form, year)
        found: dict[int, Probabilities] = {}
        for part, logits in zip(parts, scores, strict=True):
            chances = _softmax(logits[:, : self._inside])
            for piece in part.pieces:
                if piece.kept and wanted[piece.sentence]:
                    own = chances[piece.at : piece.at + piece.end - piece.start]
                    known = found.get(piece.sentence)
                    found[piece.sentence] = own if known is None else np.concatenate([known, own])
        return found

    def headers(self, texts: Sequence[str]) -> Probabilities:
        """How likely each text is each of ``labels.headers``, or none of them: (texts, 1 + headers), none first."""
        if not texts or not self.labels.headers:
            return np.ones((len(texts), 1 + len(self.labels.headers)), dtype=np.float32)
        columns = [0, *range(self._inside, len(self.labels.names))]
        read = self._reader.scores([text[: LONGEST + 1] for text in texts], ROW, None)
        return np.stack([_softmax(scores[:, columns].mean(axis=0)) for scores in read])


class OnnxReader:
    """A model that ONNX Runtime runs, a character a token; ``threads`` texts at a time, each by one thread.

    A text alone needs no mask, and its scores do not depend on what is read beside it.
    """

    def __init__(self, vocabulary: Vocabulary, labels: Labels, run: Run, *, threads: int = 1) -> None:
        self.vocabulary, self.labels, self.run, self._threads = vocabulary, labels, run, threads

    @classmethod
    def load(cls, directory: Path, *, threads: int = 0) -> Self:
        """Read ``model.onnx``, ``vocabulary.txt`` and ``labels.txt``.

        :raises BadModel: a file is missing or damaged, or the labels are not those of the weights.
        """
        for name in (WEIGHTS, VOCABULARY, LABELS):
            if not (directory / name).is_file():
                raise BadModel(str(directory), f"no {name} in it", "give the folder of a trained model")
        vocabulary = Vocabulary.load(directory / VOCABULARY)
        labels = Labels.load(directory / LABELS)
        run = _session(directory / WEIGHTS, len(labels.names))
        return cls(vocabulary, labels, run, threads=threads or os.cpu_count() or 1)

    def scores(self, texts: Sequence[str], form: str | None, year: int | None) -> list[Probabilities]:
        """Scores of all labels at each character of each text: (len(text), labels) a text."""
        encoded = [self.vocabulary.encode(text, form=form, year=year) for text in texts]
        with ThreadPoolExecutor(self._threads) as pool:
            return [logits[1:] for logits in pool.map(lambda numbers: self.run(*numbers), encoded)]


def spans(chances: Probabilities, kinds: Sequence[str], chosen: Sequence[str]) -> list[tuple[int, int, str, float]]:
    """The likeliest sequence of spans of the ``chosen`` kinds: start, end, kind, mean probability.

    Viterbi over begin and inside, where inside follows only its own begin or inside; other kinds count as no label.
    """
    places = [kinds.index(kind) for kind in chosen]
    begin, inside = chances[:, [1 + 2 * k for k in places]], chances[:, [2 + 2 * k for k in places]]
    outside = 1 - begin.sum(axis=1) - inside.sum(axis=1)
    log_b, log_i, log_o = (np.log(np.maximum(part, _CERTAIN)) for part in (begin, inside, outside))
    count, size = len(chances), len(chosen)
    best_o, best_in = 0.0, np.full(size, -np.inf)
    back_o = np.zeros(count, dtype=np.int64)
    back_in = np.zeros((count, size), dtype=bool)
    for t in range(count):
        top = int(best_in.argmax()) if size else 0
        previous, source = (best_o, -1) if not size or best_o >= best_in[top] else (float(best_in[top]), top)
        back_o[t] = source
        goes_on, starts = best_in + log_i[t], previous + log_b[t]
        back_in[t] = goes_on > starts
        best_o, best_in = previous + float(log_o[t]), np.maximum(goes_on, starts)
    found: list[tuple[int, int, str, float]] = []
    state = int(best_in.argmax()) if size and best_in.max(initial=-np.inf) > best_o else -1
    end = count
    for t in range(count - 1, -1, -1):
        if state < 0:
            state, end = int(back_o[t]), t
        elif not back_in[t, state]:
            mean = float((begin[t:end, state] + inside[t:end, state]).mean())
            found.append((t, end, chosen[state], mean))
            state, end = int(back_o[t]), t
    return found[::-1]


def _softmax(scores: Probabilities) -> Probabilities:
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def _session(path: Path, labels: int) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Two texts at a time are faster than one by two threads, which wait for each other after every step.
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER_FUSIONS
        )
    except Exception as error:
        raise BadModel(str(path), f"cannot be loaded ({str(error)[:80]!r})", "copy the model again") from error
    shape = session.get_outputs()[0].shape
    if shape[-1] != labels:
        raise BadModel(str(path), f"scores {shape[-1]} labels where labels.txt has {labels}", "keep both together")

    def run(tokens: Numbers, words: Numbers) -> Probabilities:
        feed: dict[str, Any] = {"input_ids": tokens[None], "token_type_ids": words[None]}
        return np.asarray(session.run(None, feed)[0][0], dtype=np.float32)

    return run
