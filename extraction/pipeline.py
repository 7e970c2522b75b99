"""The extractor: the stages in order."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from extraction import checks, figures, narrative, readers, sections, tables
from extraction.document import Document
from extraction.forms import Aligner
from extraction.problems import Problems
from extraction.rules import Rules
from extraction.schema import FormId, Head, Problem, Report, Source

_UNTIL: tuple[tuple[int, FormId], ...] = ((2013, "2008"), (2018, "2014"), (2020, "2019"), (9999, "2021"))
"""The last report year of each form, for reports that show no table of one."""


@dataclass(frozen=True)
class Extractor:
    """Reads reports; load once, use for many."""

    aligner: Aligner
    rules: Rules
    problems: Problems

    @classmethod
    def load(cls) -> Self:
        """With the forms, rules and words that come with the package."""
        return cls(Aligner.load(), Rules.load(), Problems.load())

    def extract_file(self, path: str | Path) -> Report:
        """The record of a file.

        :raises NianbaoError: the file cannot be read; the message says why and what to do.
        """
        path = Path(path)
        document = readers.read(path)
        return self._extract(document, str(path), hashlib.sha256(path.read_bytes()).hexdigest())

    def extract_bytes(self, data: bytes, *, name: str) -> Report:
        """The record of a file's content; ``name`` stands in messages, its ending tells Markdown from text."""
        return self._extract(readers.read_bytes(data, name=name), name, hashlib.sha256(data).hexdigest())

    def extract_text(self, text: str) -> Report:
        """The record of a text; a passage that is no whole report gives its figures and ``form`` null."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._extract(readers.read_text(text), None, digest)

    def _extract(self, document: Document, path: str | None, digest: str) -> Report:
        document, second = sections.first_report(document)
        parts = sections.split(document, path)
        rows = tables.find(document)
        aligned = self.aligner.align(rows, year=parts.head.year)
        sentences = narrative.sentences(document, taken=aligned.taken, sections=parts.sections)
        form = aligned.form.id if aligned.form else _form_without_tables(parts.head)
        found = figures.resolve(self.rules.find(sentences, year=parts.head.year, form=form), document.text)
        problems = [_with_evidence(problem, document.text) for problem in self.problems.find(sentences)]
        head = parts.head.model_copy(update={"form": form})
        findings = checks.run(head, parts.sections, aligned.form, aligned.cells, found, second)
        return Report(
            source=Source(
                path=path,
                sha256=digest,
                media_type=document.media_type,
                encoding=document.encoding,
                pages=document.pages,
            ),
            report=head,
            text=document.text,
            sections=parts.sections,
            cells=aligned.cells,
            figures=tuple(found),
            problems=tuple(problems),
            findings=tuple(findings),
        )


def _with_evidence(problem: Problem, text: str) -> Problem:
    """The problem with the words as they stand in the document, the page's line breaks included."""
    return problem.model_copy(update={"text": text[problem.start : problem.end]})


def _form_without_tables(head: Head) -> FormId | None:
    """A report without a table of a form is of the years before there was one, or tells by its year alone."""
    if head.title is None or head.year is None:
        return None
    for until, form in _UNTIL:
        if head.year <= until:
            return form
    return None
