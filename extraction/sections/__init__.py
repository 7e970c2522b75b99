"""A document -> its sections by their titles, and its head."""

from dataclasses import dataclass, replace

from extraction.document import Document
from extraction.schema import Head, Section
from extraction.sections.head import dated_titles, read_head
from extraction.sections.headings import find_sections

__all__ = ["Split", "find_sections", "first_report", "read_head", "split"]

_WHOLE = 4


@dataclass(frozen=True)
class Split:
    """The head (without ``form``) and the sections, in order of the text."""

    head: Head
    sections: tuple[Section, ...]


def first_report(document: Document) -> tuple[Document, str | None]:
    """The document up to the title of a second report, and that title, where one follows a whole report."""
    titles = list(dated_titles(document))
    for start, title in titles[1:]:
        if title != titles[0][1]:
            own = replace(document, blocks=tuple(block for block in document.blocks if block.start < start))
            if len({section.number for section in find_sections(own)} - {None}) >= _WHOLE:
                return own, title
    return document, None


def split(document: Document, file_name: str | None = None) -> Split:
    """Find the sections of a report and read its head."""
    sections = find_sections(document)
    return Split(read_head(document, sections, file_name), sections)
