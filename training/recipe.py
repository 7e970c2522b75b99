"""What a training run is made with: frozen, read from YAML, refusing keys it does not know."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, ValidationError

from extraction.errors import BadResource
from extraction.resources.files import Resource

Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
DEFAULT = Path(__file__).parent / "recipe.yaml"


class Pretraining(Resource):
    """Masked characters: lengths in characters, rates a step, ``masked`` the share of characters that is hidden."""

    layers: Positive
    longest: Positive
    batch: Positive
    steps: Positive
    rate: float
    warmup: Share
    masked: Share
    seed: int


class Finetuning(Resource):
    """Labels: what is learnt beside the passages, and how.

    ``copies`` altered copies of each passage, ``joined`` times as many passages set together as there are, ``rows``
    labels of tables, ``rehearsed`` passages of the model that is trained further; ``plain`` is the share of characters
    learnt from that are of no number and no mark.
    """

    epochs: Positive
    batch: Positive
    rate: float
    head_rate: float
    warmup: Share
    weight_decay: float
    smoothing: Share
    patience: Positive
    dropout: Share
    copies: Annotated[int, Field(ge=0)]
    joined: Annotated[float, Field(ge=0)]
    rows: Annotated[int, Field(ge=0)]
    plain: Share
    seed: int
    rehearsed: Annotated[int, Field(ge=0)] = 0


class Recipe(Resource):
    """The stages of a model's training; ``further`` is that of a model which is trained already."""

    pretraining: Pretraining
    finetuning: Finetuning
    further: Finetuning | None = None

    def of(self, *, trained: bool) -> Finetuning:
        """The settings to start with from a trained model, or from an encoder."""
        return self.further if trained and self.further else self.finetuning

    @classmethod
    def load(cls, path: Path = DEFAULT) -> "Recipe":
        """Read a recipe.

        :raises BadResource: the file is malformed, or a key or value is not one that a recipe knows.
        """
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (OSError, yaml.YAMLError) as error:
            raise BadResource(str(path), f"no recipe ({error})".replace("\n", " "), "give a YAML file") from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise BadResource(f"{path}: {place}", f"{first['msg']} ({first['input']!r:.60})", "mend it") from error
