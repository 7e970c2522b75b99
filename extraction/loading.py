"""What to import before the rest, so that the program starts fast."""

import sys
from types import ModuleType
from typing import cast


def import_spacy() -> None:
    """Import spaCy without torch, which it would import along wherever that is installed."""
    # thinc, below spaCy, tries `import torch` and goes without where that fails; it has no setting against it. What is
    # used of spaCy needs none, and torch takes a second and 180 MB. After None in sys.modules an import fails.
    torch = sys.modules.setdefault("torch", cast(ModuleType, None))
    try:
        import spacy  # noqa: F401
    finally:
        # A model that is a transformers checkpoint imports torch later, for itself.
        if torch is None:
            del sys.modules["torch"]
