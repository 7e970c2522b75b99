"""A model directory as one thing: the tagger, and what weighs it against rules and tables.

The tagger is in ONNX, as training writes it, or a transformers checkpoint, which torch runs.
"""

from dataclasses import dataclass
from hashlib import file_digest
from importlib.resources import files
from pathlib import Path
from typing import Self

from extraction.clause_types import ClauseTypes
from extraction.combination import Combination
from extraction.errors import BadModel
from extraction.resources.metrics import add_metrics
from extraction.resources.problems import PROBLEM_TYPES
from extraction.tagger import WEIGHTS, Tagger
from extraction.torch_backend import CHECKPOINT, TorchReader, is_checkpoint

COMBINATION, CLAUSES, METRICS = "combination.json", "problems.npz", "metrics.yaml"
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
        tagger = load_tagger(directory, threads=threads)
        if lacking := [name for name in (COMBINATION, CLAUSES) if not (directory / name).is_file()]:
            found = f"a tagger without {' and '.join(lacking)}, which weigh it against the rules"
            raise BadModel(str(directory), found, "copy them from a model that nianbao train made, as models/default")
        if unnamed := [kind for kind in PROBLEM_TYPES if kind not in tagger.labels.spans]:
            raise BadModel(str(directory), f"no labels of {unnamed[:3]}", "train with those of all types of problems")
        clauses = ClauseTypes.load(directory / CLAUSES)
        combination = Combination.load(directory / COMBINATION)
        with (directory / (WEIGHTS if _is_onnx(directory) else CHECKPOINT)).open("rb") as weights:
            digest = file_digest(weights, "sha256").hexdigest()
        return cls(f"{directory.name}-{digest[:_SHORT]}", tagger, combination, clauses)


def load_tagger(directory: Path, *, threads: int = 0) -> Tagger:
    """The tagger alone of a model directory, in ONNX or a transformers checkpoint.

    :raises BadModel: the folder holds neither, or a file in it is missing or damaged.
    """
    if not directory.is_dir():
        raise BadModel(str(directory), "no such folder", "give the folder of a trained model, or --no-model")
    if (directory / METRICS).is_file():
        add_metrics(directory / METRICS)
    if _is_onnx(directory):
        return Tagger.load(directory, threads=threads)
    if is_checkpoint(directory):
        return Tagger(TorchReader.load(directory, threads=threads))
    found = f"neither {WEIGHTS} nor config.json with {CHECKPOINT} in it"
    raise BadModel(str(directory), found, "give the folder of a trained model, or --no-model")


def _is_onnx(directory: Path) -> bool:
    return (directory / WEIGHTS).is_file()


def default_directory() -> Path | None:
    """The model that comes with the program, in a checkout or as it was installed; None where there is none."""
    places = (Path(__file__).parents[1] / "models" / "default", Path(str(files("extraction"))) / "default_model")
    return next((place for place in places if place.is_dir()), None)
