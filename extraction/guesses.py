"""What the model takes each number of the narrative for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from extraction.document import Sentence
from extraction.numbers import Mention
from extraction.resources.metrics import load_metrics
from extraction.schema import Qualifier

_LIKELY = 3


@dataclass(frozen=True)
class Guess:
    """A number, and the metrics that it may state with their probabilities, the likeliest first.

    ``outside`` is the probability that it states none; offsets point into the document's text.
    """

    start: int
    end: int
    value: Decimal
    unit: str | None
    qualifier: Qualifier | None
    section: int | None
    metrics: tuple[tuple[str, float], ...]
    outside: float

    def chance(self, metric: str) -> float:
        """The probability that the number states ``metric``; 0 for one that is not among the likeliest."""
        return dict(self.metrics).get(metric, 0.0)


def guesses(
    sentences: Sequence[Sentence],
    mentions: Sequence[Sequence[Mention]],
    chances: Mapping[int, npt.NDArray[np.float32]],
    spans: Sequence[str],
) -> list[Guess]:
    """A guess for each number of the sentences that the model has read, in order.

    :param mentions: the numbers of each sentence.
    :param chances: by sentence, probabilities (characters, 1 + 2 spans) as `Tagger.read` gives them.
    :param spans: what the columns stand for; those that are no metric count for none.
    """
    places = [k for k, span in enumerate(spans) if span in load_metrics()]
    names = [spans[k] for k in places]
    found: list[Guess] = []
    for index, sentence in enumerate(sentences):
        for mention in mentions[index] if index in chances else ():
            inside = chances[index][mention.start : mention.end]
            mass = (inside[:, 1::2] + inside[:, 2::2]).mean(axis=0)[places]
            top = np.argsort(-mass)[:_LIKELY]
            start, end = sentence.span(mention.start, mention.end)
            likely = tuple((names[k], round(float(mass[k]), 4)) for k in top)
            outside = max(0.0, 1.0 - float(mass.sum()))
            found.append(
                Guess(start, end, mention.value, mention.unit, mention.qualifier, sentence.section, likely, outside)
            )
    return found
