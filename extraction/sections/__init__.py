"""A document -> its sections by their titles, and its head."""

from dataclasses import dataclass

from extraction.document import Document
from extraction.schema import Head, Section
from extraction.sections.head import read_head
from extraction.sections.headings import find_sections

__all__ = ["Split", "find_sections", "read_head", "split"]


@dataclass(frozen=True)
class Split:
    """The head (without ``form``) and the sections, in order of the text."""

    head: Head
    sections: tuple[Section, ...]


def split(document: Document, file_name: str | None = None) -> Split:
    """Find the sections of a report and read its head."""
    sections = find_sections(document)
    return Split(read_head(document, sections, file_name), sections)
