"""Names of public bodies: what to leave out of one to compare it, and names that a body had before."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from extraction.errors import BadResource
from extraction.resources.files import Resource, load


class BodyWords(Resource):
    """``regions`` end the name of a region before a body's own; ``offices`` may be left off its end."""

    regions: tuple[str, ...]
    offices: tuple[str, ...]


class Aliases(Resource):
    """Names of one body under its name today: 机构改革 gave many another one."""

    names: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "Aliases":
        """Read a YAML file of ``name today: [earlier name, …]``.

        :raises BadResource: the file cannot be read, or is something else.
        """
        try:
            return cls(names=yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, TypeError) as error:
            said = f"no list of names ({str(error)[:80]!r})"
            raise BadResource(str(path), said, "give YAML, a line `name today: [earlier name, …]` a body") from error

    def today(self, name: str) -> str:
        """The name that a body has today, in the form in which names are compared."""
        own = plain_name(name)
        for current, earlier in self.names.items():
            if own in map(plain_name, (current, *earlier)):
                return plain_name(current)
        return own

    def same(self, first: str | None, second: str | None) -> bool:
        """Whether two names are of one body; one may lack the region that the other begins with."""
        if not first or not second:
            return False
        shorter, longer = sorted((self.today(first), self.today(second)), key=len)
        if shorter == longer:
            return True
        before = longer.removesuffix(shorter)
        return before != longer and before.endswith(load_body_words().regions)


@cache
def load_body_words() -> BodyWords:
    """The words of ``data/bodies.yaml``."""
    return load("bodies.yaml", BodyWords)


def plain_name(name: str) -> str:
    """A name without spaces, brackets and the word for its office."""
    text = "".join(unicodedata.normalize("NFKC", name).split()).partition("(")[0]
    return next((text.removesuffix(word) for word in load_body_words().offices if text.endswith(word)), text)
