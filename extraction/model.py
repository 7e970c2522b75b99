"""A model directory as one thing: the tagger, and what weighs it against rules and tables."""

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Self

from extraction.clause_types import ClauseTypes
from extraction.combination import Combination
from extraction.errors import BadModel
from extraction.resources.metrics import add_metrics
from extraction.tagger import WEIGHTS, Tagger

COMBINATION, CLAUSES, METRICS = "combination.json", "problems.skops", "metrics.yaml"
_SHORT = 8


@dataclass(frozen=True)
class Model:
    """What is loaded of a model directory; ``name`` is the folder's, with the first digits of the weights' SHA-256."""

    name: str
    tagger: Tagger
    combination: Combination
    clauses: ClauseTypes

    @classmethod
    def load(cls, directory: Path, *, threads: int = 0) -> Self:
        """Read a model directory; ``threads`` 0 means as many as there are cores.

        :raises BadModel: a file is missing or damaged, or the files do not belong together.
        """
        if not directory.is_dir():
            raise BadModel(str(directory), "no such folder", "give the folder of a trained model, or --no-model")
        if (directory / METRICS).is_file():
            add_metrics(directory / METRICS)
        tagger = Tagger.load(directory, threads=threads)
        clauses = ClauseTypes.load(directory / CLAUSES)
        digest = sha256((directory / WEIGHTS).read_bytes()).hexdigest()
        return cls(f"{directory.name}-{digest[:_SHORT]}", tagger, Combination.load(directory / COMBINATION), clauses)


def default_directory() -> Path:
    """The model that comes with the program: in a checkout, or as it was installed."""
    checkout = Path(__file__).parents[1] / "models" / "default"
    return checkout if checkout.is_dir() else Path(str(files("extraction"))) / "model"
