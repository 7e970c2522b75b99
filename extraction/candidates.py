"""What rules and models find, before it is decided which of the finds are figures."""

from dataclasses import dataclass
from decimal import Decimal

from extraction.schema import Qualifier


@dataclass(frozen=True)
class Candidate:
    """A number that a rule takes for a metric; offsets point into the document's text."""

    metric: str
    value: Decimal
    unit: str | None
    qualifier: Qualifier | None
    start: int
    end: int
    section: int | None
    year: int | None
    scope: str | None
    rule: str
    confidence: float
