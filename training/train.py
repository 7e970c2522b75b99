"""From annotated passages to a model: fine-tune, export, and weigh against the rules."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import BertForMaskedLM, BertForTokenClassification, BertModel, TrainerCallback

from extraction.combination import Combination
from extraction.encoding import Vocabulary
from extraction.model import COMBINATION
from extraction.resources.metrics import load_metrics
from extraction.resources.problems import PROBLEM_TYPES
from extraction.rules import Rules
from extraction.tagger import LABELS, VOCABULARY, Labels, OnnxReader, Tagger, header_labels
from training.clauses import Labelled, labelled
from training.combine import Evidence, evidence, fit, folds
from training.encode import OLD, examples
from training.export import export, restore
from training.finetune import collate, finetune, save_history
from training.gold import Passage
from training.memory import Memory
from training.recipe import Finetuning

_FOLD_EPOCHS = 10


@dataclass(frozen=True)
class Start:
    """What training starts from: a pretrained encoder or a trained model, each a folder."""

    folder: Path

    @property
    def trained(self) -> bool:
        """Whether it is a trained model, with labels."""
        return (self.folder / LABELS).is_file()

    def memory(self, labels: Labels, *, count: int, seed: int) -> Memory | None:
        """What a trained model knows already, with at most ``count`` passages to rehearse."""
        if not self.trained:
            return None
        known = Labels.load(self.folder / LABELS)
        return Memory.of(self.folder, restore(self.folder), known, labels, count=count, seed=seed)

    def load(self, labels: Labels) -> tuple[BertForTokenClassification, Vocabulary]:
        """A model that scores ``labels``; those that the start knows keep their weights."""
        vocabulary = Vocabulary.load(self.folder / VOCABULARY)
        if not self.trained:
            encoder = BertForMaskedLM.from_pretrained(self.folder).bert
            return _with_head(encoder, labels, None, None), vocabulary
        old = restore(self.folder)
        return _with_head(old.bert, labels, old.classifier, Labels.load(self.folder / LABELS)), vocabulary


def _with_head(
    encoder: BertModel, labels: Labels, head: torch.nn.Linear | None, known: Labels | None
) -> BertForTokenClassification:
    configuration = encoder.config
    configuration.num_labels = len(labels.names)
    model = BertForTokenClassification(configuration)
    model.bert.load_state_dict(encoder.state_dict(), strict=False)
    if head is not None and known is not None:
        with torch.no_grad():
            for place, name in enumerate(labels.names):
                if name in known.ids:
                    model.classifier.weight[place] = head.weight[known.ids[name]]
                    model.classifier.bias[place] = head.bias[known.ids[name]]
    return model


def all_labels() -> Labels:
    """The labels of every metric, problem type, row and column that the program knows."""
    return Labels.of((*load_metrics(), *PROBLEM_TYPES), header_labels())


def learn(
    train: Sequence[Passage],
    development: Sequence[Passage],
    *,
    start: Start,
    settings: Finetuning,
    output: Path,
    callbacks: Sequence[TrainerCallback] = (),
) -> float:
    """Fine-tune and export to ``output``; gives the share of development characters that both forms label alike."""
    labels = all_labels()
    model, vocabulary = start.load(labels)
    checkpoints = output / "checkpoints"
    memory = start.memory(labels, count=settings.rehearsed, seed=settings.seed)
    history = finetune(
        model, vocabulary, labels, train=train, development=development, settings=settings, output=checkpoints,
        memory=memory, callbacks=callbacks,
    )  # fmt: skip
    export(model, vocabulary, labels, output)
    save_history(output / "history.json", history)
    shutil.rmtree(checkpoints)
    return parity(model, output, development)


def parity(model: BertForTokenClassification, folder: Path, passages: Sequence[Passage]) -> float:
    """The share of characters to which the exported model gives the label that the full one gives."""
    reader = OnnxReader.load(folder)
    same = total = 0
    for row in examples(passages, reader.vocabulary, reader.labels):
        batch = collate([row])
        del batch[OLD]
        labels = batch.pop("labels")
        with torch.no_grad():
            full = model.eval()(**batch).logits.argmax(dim=-1).numpy()
        small = reader.run(batch["input_ids"][0].numpy(), batch["token_type_ids"][0].numpy()).argmax(axis=-1)
        same += int((full[0] == small)[1:].sum())
        total += labels.shape[1] - 1
    return same / max(total, 1)


def weigh(
    train: Sequence[Passage],
    development: Sequence[Passage],
    *,
    start: Start,
    settings: Finetuning,
    output: Path,
    count: int,
    read_for_rules: frozenset[str] = frozenset(),
    callbacks: Sequence[TrainerCallback] = (),
) -> tuple[Combination, list[Evidence], list[Labelled]]:
    """Weights fitted on passages that each of ``count`` models did not learn from, and the rules were not written by.

    Gives the weights with the evidence on the numbers that they were fitted on, and the clauses of the same passages.
    """
    rules = Rules.load()
    found: list[Evidence] = []
    marked: list[Labelled] = []
    # These models only serve to weigh the trained one: they need no tables, and less time.
    less = {"rows": 0, "copies": min(settings.copies, 1), "epochs": min(settings.epochs, _FOLD_EPOCHS)}
    settings = settings.model_copy(update=less)
    for number, (learnt, read) in enumerate(folds(train, count), 1):
        folder = output / "folds" / str(number)
        if not (folder / "done").is_file():
            learn(learnt, development, start=start, settings=settings, output=folder, callbacks=callbacks)
            (folder / "done").touch()
        tagger = Tagger.load(folder)
        fresh = [passage for passage in read if passage.id not in read_for_rules]
        found += evidence(fresh, tagger, rules, seed=settings.seed)
        marked += labelled(fresh, tagger)
    combination = fit(found)
    combination.save(output / COMBINATION)
    return combination, found, marked
