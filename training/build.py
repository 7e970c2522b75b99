"""``nianbao train``: annotated passages to a model directory, judged against the one that it started from."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from datasets import disable_progress_bars
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from transformers import TrainerCallback
from transformers.utils.logging import disable_progress_bar

from extraction.combination import Combination
from extraction.errors import BadResource
from extraction.model import CLAUSES, COMBINATION, METRICS
from extraction.pipeline import Extractor
from extraction.resources.metrics import add_metrics
from extraction.tagger import WEIGHTS, Tagger
from training import clauses, combine
from training.card import Run, write
from training.evaluate import KINDS, score_all
from training.gold import Passage, sentences_of
from training.memory import keep
from training.recipe import Recipe
from training.scores import better
from training.split import Split
from training.train import Start, learn, weigh

_FEWEST = 20
_SAMPLE = 500


class ProgressBar(TrainerCallback):
    """Shows steps, loss and development score of the training that runs."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._shown: dict[str, str] = {}

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Start a bar."""
        self._shown = {}
        self._task = self._progress.add_task("training", total=state.max_steps, completed=state.global_step)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Move the bar on."""
        if self._task is not None:
            self._progress.update(self._task, completed=state.global_step)

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        """Show the last loss and score."""
        for key, name in (("loss", "loss"), ("eval_f1", "F1")):
            if logs and key in logs:
                self._shown[name] = f"{name} {float(logs[key]):.3f}"
        if self._task is not None:
            self._progress.update(self._task, description=", ".join(self._shown.values()) or "training")


def build(
    data: Sequence[Path],
    *,
    start: Path,
    output: Path,
    recipe: Path,
    folds: int,
    metrics: Path | None = None,
    console: Console,
) -> float | None:
    """Train, weigh, judge; gives the share of resamples in which the new model is as good as the one it started from.

    :param metrics: YAML file of metrics that the program does not know; the model keeps a copy of it.
    :param folds: how many models weigh the new one against the rules; 0 keeps the weights of the start.
    :raises NianbaoError: the data are too few or of one class, or the output holds a model already.
    """
    begin = Start(start)
    settings = Recipe.load(recipe).of(trained=begin.trained)
    # The one bar below says how far the training is.
    disable_progress_bar()
    disable_progress_bars()
    if (output / "card.json").exists():
        raise BadResource(str(output), "holds a model already", "give another folder, or remove it first")
    own = [path for path in (metrics, start / METRICS) if path and path.is_file()]
    for path in own:
        add_metrics(path)
    split = Split.load(*data)
    _check(split, data)
    if not folds and not begin.trained:
        raise BadResource(str(start), "is no trained model, so there are no weights to keep", "give --folds 3")
    output.mkdir(parents=True, exist_ok=True)
    if own:
        (output / METRICS).write_text("".join(path.read_text(encoding="utf-8") for path in own), encoding="utf-8")
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        bars = [ProgressBar(progress)]
        equal = _once(output, "trained", lambda: learn(
            split.train, split.development, start=begin, settings=settings, output=output, callbacks=bars
        ))  # fmt: skip
        if folds:
            _, _, marked = weigh(
                split.train, split.development, start=begin, settings=settings, output=output, count=folds,
                read_for_rules=split.read_for_rules,
                callbacks=bars,
            )  # fmt: skip
            clauses.fit(marked).save(output / CLAUSES)
        else:
            for name in (COMBINATION, CLAUSES):
                shutil.copy(start / name, output / name)
    keep(split.train, start, output, seed=settings.seed)
    extractor = Extractor.load(output)
    held = split.test or split.development
    judged = {name: side for name, side in (("development", split.development), ("test", split.test)) if side}
    scores = {name: score_all(extractor, side, quiet=not console.is_terminal) for name, side in judged.items()}
    rules, tagger = extractor.rules, Tagger.load(output)
    combination = Combination.load(output / COMBINATION)
    rows, error = combine.reliability([*combine.evidence(held, tagger, rules, seed=settings.seed)], combination)
    run = Run(
        name=output.name, start=str(start), recipe=settings.model_dump(),
        splits={"train": split.train, "development": split.development, "test": split.test},
        scores=scores, parity=equal, reliability=rows, calibration_error=error,
        characters_a_second=_speed(tagger, held), megabytes=(output / WEIGHTS).stat().st_size / 1e6,
    )  # fmt: skip
    write(run, output)
    shutil.rmtree(output / "folds", ignore_errors=True)
    (output / "trained").unlink(missing_ok=True)
    if not begin.trained:
        return None
    old = score_all(replace(extractor, model=Extractor.load(start).model), held, quiet=not console.is_terminal)
    new = scores["test" if split.test else "development"]
    return min(better(new[kind, "both"], old[kind, "both"]) for kind in KINDS if new[kind, "both"].labels)


def _once(output: Path, name: str, job: Any) -> float:
    """What a job gives; one that was done before the run was stopped is not done again."""
    path = output / name
    if not path.is_file():
        path.write_text(repr(job()), encoding="utf-8")
    return float(path.read_text(encoding="utf-8"))


def _check(split: Split, data: Sequence[Path]) -> None:
    place = ", ".join(map(str, data))
    if len(split.train) < _FEWEST:
        raise BadResource(place, f"{len(split.train)} passages to learn from", f"annotate at least {_FEWEST}")
    if not split.development:
        raise BadResource(place, "no passage to judge by", "add passages, or a split.yaml")
    labels = {mark.label for passage in split.train for mark in passage.marks}
    if len(labels) < 2:
        raise BadResource(place, f"labels of one kind ({', '.join(labels) or 'none'})", "mark at least two metrics")


def _speed(tagger: Tagger, passages: Sequence[Passage]) -> float:
    sample = [sentences_of(passage) for passage in passages[:_SAMPLE]]
    begin = time.perf_counter()
    for sentences in sample:
        tagger.read(sentences, [True] * len(sentences), form=None)
    return sum(len(s.text) for each in sample for s in each) / (time.perf_counter() - begin)
