"""How far to trust what the model, a rule and the tables say of a number: a logistic function of what is known."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Self

from extraction.candidates import Candidate
from extraction.errors import BadModel
from extraction.guesses import Guess
from extraction.resources.metrics import load_metrics

FEATURES = (
    "model", "none", "rival", "rule", "precision", "other_rule", "agree", "against", "unit", "stated", "differs",
)  # fmt: skip
"""
model      log odds that the model gives the metric · none that it gives to no metric · rival to the best other one
rule       whether a rule finds the metric · precision log odds of that rule · other_rule whether one finds another
agree      whether the model's likeliest metric is the rule's · against whether both find one, and differ
unit       whether the unit is one of the metric's
stated     whether a table states the same value for the metric · differs whether it states another one
"""
_CERTAIN = 1e-3

Stated = Mapping[str, Sequence[Decimal]]
"""The values that the tables state for a metric."""


def features(metric: str, guess: Guess, rule: Candidate | None, precision: float, stated: Stated) -> list[float]:
    """What is known of the claim that a number states ``metric``, in the order of `FEATURES`."""
    best, best_chance = guess.metrics[0] if guess.metrics else ("", 0.0)
    rival = max((chance for name, chance in guess.metrics if name != metric), default=0.0)
    found = rule is not None and rule.metric == metric
    tables = stated.get(metric, ())
    sure = best_chance > guess.outside
    return [
        _log_odds(guess.chance(metric)),
        _log_odds(guess.outside),
        _log_odds(rival),
        float(found),
        _log_odds(precision) if found else 0.0,
        float(rule is not None and not found),
        float(found and best == metric),
        float(rule is not None and sure and best != rule.metric),
        float((guess.unit or "") in load_metrics()[metric].units),
        float(guess.value in tables),
        float(bool(tables) and guess.value not in tables),
    ]


def _log_odds(chance: float) -> float:
    chance = min(max(chance, _CERTAIN), 1 - _CERTAIN)
    return math.log(chance / (1 - chance))


@dataclass(frozen=True)
class Combination:
    """Weights of the features, and how often each rule is right (``any`` for a rule that was hardly seen)."""

    bias: float
    weights: Mapping[str, float]
    precision: Mapping[str, float]
    any_rule: float

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the weights.

        :raises BadModel: the file is damaged or weighs other features.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            found = cls(**content)
        except (OSError, ValueError, TypeError) as error:
            raise BadModel(
                str(path), f"no weights ({error!r:.80})", "take the file that was saved with the model"
            ) from error
        if set(found.weights) != set(FEATURES):
            raise BadModel(str(path), "weighs other features than this version knows", "train the model again")
        return found

    def save(self, path: Path) -> None:
        """Write the weights as JSON."""
        content = {
            "bias": self.bias, "weights": dict(self.weights), "precision": dict(self.precision),
            "any_rule": self.any_rule,
        }  # fmt: skip
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    def of_rule(self, rule: str) -> float:
        """How often a rule is right."""
        return self.precision.get(rule, self.any_rule)

    def chance(self, values: Sequence[float]) -> float:
        """The probability that the claim is right, by its features."""
        total = self.bias + sum(self.weights[name] * value for name, value in zip(FEATURES, values, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def claims(self, guess: Guess, rule: Candidate | None, stated: Stated) -> list[tuple[str, float]]:
        """The metrics that model and rule take the number for, with their probabilities, the likeliest first."""
        names = dict.fromkeys([name for name, _ in guess.metrics[:1]] + ([rule.metric] if rule else []))
        precision = self.of_rule(rule.rule) if rule else 0.5
        claims = [(name, self.chance(features(name, guess, rule, precision, stated))) for name in names]
        return sorted(claims, key=lambda claim: -claim[1])
