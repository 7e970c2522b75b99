"""The extractor: the stages in order."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

from extraction import checks, figures, narrative, readers, recognition, repair, sections, tables
from extraction.combination import Stated
from extraction.document import Document, Sentence, TableRow
from extraction.forms import Aligner, Alignment
from extraction.guesses import guesses
from extraction.model import Model, default_directory
from extraction.numbers import MONEY, find_numbers
from extraction.problems import Problems
from extraction.resources.forms import Form
from extraction.rules import Rules
from extraction.schema import Cell, Figure, FormId, Head, Problem, Report, Source

_UNTIL: tuple[tuple[int, FormId], ...] = ((2013, "2008"), (2018, "2014"), (2020, "2019"), (9999, "2021"))
"""The last report year of each form, for reports that show no table of one."""


_PROBLEM_SECTION = 5
DEFAULT_MODEL = default_directory()


@dataclass(frozen=True)
class Extractor:
    """Reads reports; load once, use for many."""

    aligner: Aligner
    rules: Rules
    problems: Problems
    model: Model | None = None

    @classmethod
    def load(cls, model: str | Path | None = DEFAULT_MODEL, *, threads: int = 0) -> Self:
        """With the forms, rules and words that come with the package.

        :param model: folder of a trained model; None reads by the rules alone.
        :param threads: how many the model may use; 0 means as many as there are cores.
        :raises BadModel: the folder holds no model that this version can use.
        """
        loaded = None if model is None else Model.load(Path(model), threads=threads)
        return cls(Aligner.load(), Rules.load(), Problems.load(), loaded)

    def extract_file(self, path: str | Path) -> Report:
        """The record of a file.

        :raises NianbaoError: the file cannot be read; the message says why and what to do.
        """
        path = Path(path)
        document = readers.read(path)
        return self._extract(document, str(path), hashlib.sha256(path.read_bytes()).hexdigest())

    def extract_bytes(self, data: bytes, *, name: str, known: Mapping[str, Any] | None = None) -> Report:
        """The record of a file's content; ``name`` stands in messages, its ending tells Markdown from text.

        :param known: agency, year and region, where they are known whatever the report says of itself.
        """
        return self._extract(readers.read_bytes(data, name=name), name, hashlib.sha256(data).hexdigest(), known)

    def extract_text(self, text: str) -> Report:
        """The record of a text; a passage that is no whole report gives its figures and ``form`` null."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._extract(readers.read_text(text), None, digest)

    def _extract(
        self, document: Document, path: str | None, digest: str, known: Mapping[str, Any] | None = None
    ) -> Report:
        document, second = sections.first_report(document)
        parts = sections.split(document, path)
        parts = replace(parts, head=parts.head.model_copy(update=dict(known or {})))
        rows = tables.find(document)
        recognised = recognition.Readings.of(document)
        aligned = self._align(rows, parts.head.year, recognised, document.text)
        sentences = narrative.sentences(document, taken=aligned.taken, sections=parts.sections)
        form = aligned.form.id if aligned.form else _form_without_tables(parts.head)
        stated = _stated(aligned.form, aligned.cells)
        found, problems = self.read_narrative(
            sentences, year=parts.head.year, form=form, stated=stated, text=document.text
        )
        head = parts.head.model_copy(update={"form": form})
        report = Report(
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
            model=self.model.name if self.model else None,
        )
        checked = report.model_copy(update={"findings": checks.run(report, second=second).findings})
        if aligned.form is not None:
            checked = checked.model_copy(update={"findings": repair.suggest(checked, aligned.form)})
        return checked.model_copy(update={"figures": recognition.mark_figures(checked.figures, recognised)})

    def _align(
        self, rows: Sequence[TableRow], year: int | None, recognised: recognition.Readings, text: str
    ) -> Alignment:
        """The cells of the form; of a scan by the readings that its sums choose."""
        scores = self._header_chances if self.model else None
        aligned = self.aligner.align(rows, year=year, scores=scores)
        if aligned.form is None or not recognised.found:
            return aligned
        chosen = recognition.choose(aligned.cells, aligned.form, recognised)
        if chosen:
            aligned = self.aligner.align(recognition.with_texts(rows, chosen), year=year, scores=scores)
        return replace(aligned, cells=recognition.mark_cells(aligned.cells, text, chosen, recognised))

    def _header_chances(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """How likely the model takes each text for each row and column of the forms, by its label."""
        if self.model is None:
            return [{} for _ in texts]
        tagger = self.model.tagger
        return [dict(zip(tagger.labels.headers, row[1:].tolist(), strict=True)) for row in tagger.headers(texts)]

    def read_narrative(
        self, sentences: Sequence[Sentence], *, year: int | None, form: str | None, stated: Stated, text: str
    ) -> tuple[list[Figure], list[Problem]]:
        """The figures and problems of sentences.

        :param year: the report's year, ``form`` its form, ``text`` the document's, for the evidence.
        :param stated: the values that its tables state for each metric.
        """
        candidates = self.rules.find(sentences, year=year, form=form)
        problems = [_with_evidence(problem, text) for problem in self.problems.find(sentences)]
        if self.model is None:
            return figures.resolve(candidates, text), problems
        mentions = [find_numbers(sentence.text) for sentence in sentences]
        tagger = self.model.tagger
        divided = any(sentence.section is not None for sentence in sentences)
        wanted = [
            bool(found) or sentence.section == _PROBLEM_SECTION or not divided
            for sentence, found in zip(sentences, mentions, strict=True)
        ]
        chances = tagger.read(sentences, wanted, form=form, year=year)
        guessed = guesses(sentences, mentions, chances, tagger.labels.spans)
        combination = self.model.combination
        found = figures.combine(guessed, candidates, combination, stated=stated, year=year, text=text)
        if divided:
            # Before the first section stand the page's own counts: 「浏览次数：318 次」.
            found = [figure for figure in found if figure.section is not None or figure.source != "model"]
        listed = {
            i: chances[i]
            for i, sentence in enumerate(sentences)
            if i in chances and (not divided or sentence.section == _PROBLEM_SECTION)
        }
        elsewhere = [p for p in problems if not any(_inside(p, sentences[i]) for i in listed)]
        named = self.model.clauses.find(sentences, listed, tagger.labels.spans, problems)
        named = [_with_evidence(problem, text) for problem in named]
        return found, sorted([*elsewhere, *named], key=lambda problem: problem.start)


def _inside(problem: Problem, sentence: Sentence) -> bool:
    return sentence.offsets[0] <= problem.start <= sentence.offsets[-1]


def _stated(form: Form | None, cells: Iterable[Cell]) -> dict[str, list[Decimal]]:
    """The values that the tables state for each metric, a sum of cells where the form says that it takes several."""
    if form is None:
        return {}
    values = {
        cell.id: cell.value * MONEY.get(cell.unit or "", Decimal(1))
        for cell in cells
        if cell.state == "given" and cell.value is not None
    }
    found: dict[str, list[Decimal]] = {}
    for metric, alternatives in form.states.items():
        for ids in alternatives:
            parts = [values.get(name) for name in ids]
            if all(part is not None for part in parts):
                found.setdefault(metric, []).append(sum((part for part in parts if part is not None), Decimal(0)))
    return found


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
