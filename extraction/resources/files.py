"""A YAML file of ``extraction/data`` to a validated model."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from extraction.errors import BadResource

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")


class Resource(BaseModel):
    """Base of everything read from YAML: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def data_path(name: str) -> Traversable:
    """The file or folder ``name`` below ``extraction/data``, also from an installed wheel."""
    return files("extraction").joinpath("data", *name.split("/"))


def load(name: str, kind: type[T]) -> T:
    """Read ``extraction/data/name`` as ``kind`` (any type that pydantic validates).

    :raises BadResource: the YAML is malformed, or a key or value is not one that ``kind`` knows.
    """
    try:
        return TypeAdapter(kind).validate_python(yaml.load(data_path(name).read_text(encoding="utf-8"), Loader=_Loader))
    except yaml.YAMLError as error:
        raise BadResource(name, f"malformed YAML ({error})".replace("\n", " "), "mend the file") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadResource(f"{name}: {place}", f"{first['msg']} ({first['input']!r:.60})", "mend the entry") from error
