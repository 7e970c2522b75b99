"""The words, forms and rules that the program knows, read from YAML and refused where they name the unknown."""

from extraction.resources.files import data_path, load

__all__ = ["data_path", "load"]
