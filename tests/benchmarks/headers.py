"""`python -m tests.benchmarks.headers [MODEL]`: damaged labels of rows and columns, to the id that each is of.

Characters are mistaken for others that look like them, left out one by one or together, and followed by stray signs.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice
from pathlib import Path
from random import Random

import numpy as np
import yaml

from extraction.forms.labels import ALIKE, Lexicon, normalise
from extraction.model import load_tagger
from extraction.pipeline import DEFAULT_MODEL
from extraction.resources.forms import load_forms
from extraction.tagger import Tagger

LOOKALIKES: dict[str, str] = yaml.safe_load((Path(__file__).parent / "lookalikes.yaml").read_text(encoding="utf-8"))
SHARES = (0.0, 0.1, 0.2, 0.3)
STRAYS = '_~^*`"丶丿｜:;,'
_BY_CHANCE = 0.5
"""A model alone takes a label for its likeliest from this probability on."""


@dataclass(frozen=True)
class Kind:
    """The labels of the rows, or of the columns, of a table: the model's name of each, and its words."""

    names: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]

    @cached_property
    def lexicon(self) -> Lexicon:
        """What compares a label with them."""
        return Lexicon(self.words, names=self.names)


@dataclass(frozen=True)
class Damaged:
    """A label as printed, what it was, and the names that it may be of: all that have those words."""

    text: str
    label: str
    names: frozenset[str]
    kind: Kind


def kinds() -> Iterator[Kind]:
    """Rows and columns of every table of every form."""
    for form in load_forms():
        for table in form.tables:
            columns = {column.id: column for block in table.all_blocks for column in block.columns if column.id}
            for kind, labels in (("row", {row.id: row for row in table.all_rows}), ("column", columns)):
                if len(labels) > 1:
                    names = tuple(f"{kind}:{table.id}.{name}" for name in labels)
                    yield Kind(names, tuple(label.words for label in labels.values()))


def draw(count: int, share: float, *, seed: int) -> list[Damaged]:
    """So many labels, each wording of each as often as any other, with that share of their characters damaged."""
    random = Random(f"{seed} {share}")
    words = [(word, kind) for kind in kinds() for each in kind.words for word in each]
    random.shuffle(words)
    found: list[Damaged] = []
    for word, kind in islice(cycle(words), count):
        text = damaged(word, share, random)
        same = {normalise(word), normalise(text)}
        pairs = zip(kind.names, kind.words, strict=True)
        names = frozenset(name for name, own in pairs if same & {normalise(each) for each in own})
        found.append(Damaged(text, word, names, kind))
    return found


def damaged(label: str, share: float, random: Random) -> str:
    """A label with that share of its characters, rounded up or down, damaged; one in four is abbreviated."""
    wanted = share * len(label)
    count = int(wanted) + (random.random() < wanted % 1)
    if random.random() < 0.25:
        start = random.randrange(len(label) - count + 1)
        return label[:start] + label[start + count :]
    chars = list(label)
    for i in random.sample(range(len(label)), count):
        kind = random.choice(("mistaken", "mistaken", "mistaken", "left out", "stray"))
        if kind == "mistaken" and label[i] in LOOKALIKES:
            chars[i] = random.choice(LOOKALIKES[label[i]])
        else:
            chars[i] = "" if kind != "stray" else label[i] + random.choice(STRAYS)
    return "".join(chars)


@dataclass(frozen=True)
class Choice:
    """The id that one way finds likeliest for a label: whether it is right, and sure enough to be used."""

    name: str
    is_right: bool
    is_used: bool


def choose(drawn: Sequence[Damaged], tagger: Tagger) -> dict[str, list[Choice]]:
    """What edit distance alone, the model alone and both choose for each label, among those of its kind."""
    chances = tagger.headers([normalise(each.text) for each in drawn])
    found: dict[str, list[Choice]] = {"edit distance": [], "model": [], "both": []}
    for each, row in zip(drawn, chances, strict=True):
        by_name = dict(zip(tagger.labels.headers, row[1:].tolist(), strict=True))
        lexicon, text = each.kind.lexicon, normalise(each.text)
        # As for a page: the model is asked only where the words leave it open.
        told = lexicon.told({text: by_name}) if lexicon.unsettled(text) else lexicon
        said = np.array([by_name.get(name, 0) for name in each.kind.names])
        scores = (lexicon.alike(text), said, told.alike(text))
        for choices, own, least in zip(found.values(), scores, (ALIKE, _BY_CHANCE, ALIKE), strict=True):
            name = each.kind.names[int(own.argmax())]
            choices.append(Choice(name, name in each.names, bool(own.max() >= least)))
    return found


def main(arguments: list[str] | None = None) -> None:
    """Print a line a share of damaged characters: how many choices are right, and right and sure enough to be used."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.headers", description=__doc__)
    parser.add_argument("model", nargs="?", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", action="store_true", help="print the labels that both together get wrong")
    options = parser.parse_args(arguments)
    tagger = load_tagger(options.model)
    print(f"{'damaged':8}{'edit distance':>18}{'model':>18}{'both':>18}")
    print(" " * 8 + f"{'right':>10}{'used':>8}" * 3)
    for share in SHARES:
        drawn = draw(options.count, share, seed=options.seed)
        chosen = choose(drawn, tagger)
        print(f"{share:<8.0%}" + "".join(f"{right:10.3f}{used:8.3f}" for right, used in map(shares, chosen.values())))
        for each, choice in zip(drawn, chosen["both"], strict=True):
            if options.errors and not choice.is_right:
                print(f"    {each.text} ({each.label}): {choice.name}")


def shares(choices: Sequence[Choice]) -> tuple[float, float]:
    """The share of right choices, and of those that are right and used."""
    right = [choice for choice in choices if choice.is_right]
    return len(right) / len(choices), sum(choice.is_used for choice in right) / len(choices)


if __name__ == "__main__":
    main()
