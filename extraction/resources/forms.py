"""The statutory forms: rows, columns, words, units and sums of their tables, read from ``data/forms``."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from extraction.resources.files import Resource, data_path, load

CheckId = Literal[
    "applications.balance", "applications.outcomes", "applications.applicants", "disputes.sum", "statistics.sum"
]


class Label(Resource):
    """A row or column: its words as the form prints them, the words used in their place, and what it stands under."""

    label: str
    variants: tuple[str, ...] = ()
    group: str | None = None

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All ways to print the label, the official one first."""
        grouped = (f"{self.group}{self.label}",) if self.group else ()
        return (self.label, *self.variants, *grouped)


class Column(Label):
    """A column; ``unit`` where it differs from the table's, ``signed`` where a value may be negative."""

    id: str | None
    unit: str | None = None
    signed: bool = False


class Row(Label):
    """A row; ``unit`` of its values, ``stated_unit`` in which they are printed, ``instead_of`` rows it stands for.

    ``under``: the headings that it stands under, the outermost first; None where they are those of the row before.
    """

    id: str
    unit: str | None = None
    stated_unit: str | None = None
    under: tuple[str, ...] | None = None
    instead_of: tuple[str, ...] = ()


class Identity(Resource):
    """A sum that the form itself states, over the rows of each column or over the columns of each row."""

    check: CheckId
    across: Literal["rows", "columns"]
    sum: Annotated[tuple[str, ...], Field(min_length=1)]
    equals: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def sides(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is added up, and what it comes to."""
        return self.sum, self.equals


class Block(Resource):
    """Rows that share their columns."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Table(Resource):
    """A table of a form.

    ``beside``: the rows stand beside each other in one line, parted by their headers, among which the ``marks`` occur.
    ``corner``: what the form prints above its rows; ``over_columns``: above all of its columns.
    ``unit_column``: a column of units stands between label and value.
    ``fewest_rows``: a page that shows fewer does not have the table.
    """

    id: str
    section: int | None
    title: str
    corner: str = ""
    over_columns: str | None = None
    unit: str | None = None
    beside: bool = False
    marks: tuple[str, ...] = ()
    unit_column: bool = False
    fewest_rows: int = 1
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()
    blocks: tuple[Block, ...] = ()
    identities: tuple[Identity, ...] = ()

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        rows = [row.id for row in self.all_rows]
        if len(set(rows)) != len(rows):
            raise ValueError(f"a row of table {self.id} is named twice")
        columns = {column.id for row in rows for column in self.columns_of(row)}
        for identity in self.identities:
            known = set(rows) if identity.across == "rows" else columns
            if unknown := set(identity.sum + identity.equals) - known:
                raise ValueError(f"{identity.check} names {', '.join(sorted(map(str, unknown)))}, unknown to {self.id}")
        for row in self.all_rows:
            if unknown := set(row.instead_of) - set(rows):
                raise ValueError(f"row {row.id} stands instead of {', '.join(sorted(unknown))}, unknown to {self.id}")
        return self

    @cached_property
    def all_blocks(self) -> tuple[Block, ...]:
        """The blocks, or the table as one block."""
        return self.blocks or (Block(columns=self.columns, rows=self.rows),)

    @cached_property
    def all_rows(self) -> tuple[Row, ...]:
        """The rows of all blocks in the order of the form."""
        return tuple(row for block in self.all_blocks for row in block.rows)

    @cached_property
    def _columns(self) -> dict[str, tuple[Column, ...]]:
        return {row.id: block.columns for block in self.all_blocks for row in block.rows}

    def columns_of(self, row: str) -> tuple[Column, ...]:
        """The columns that a row has."""
        return self._columns[row]

    def cell_id(self, row: str, column: str | None) -> str:
        """The id of a cell: table.row.column, or table.row in a table of one nameless column."""
        return f"{self.id}.{row}.{column}" if column else f"{self.id}.{row}"

    def sums(self) -> Iterator[tuple[Identity, str, tuple[str, ...], tuple[str, ...]]]:
        """Every sum of the table: identity, the row or column it is of, ids of the parts, ids of what they come to."""
        for identity in self.identities:
            if identity.across == "columns":
                for row in self.all_rows:
                    have = {column.id for column in self.columns_of(row.id)}
                    if have.issuperset(identity.sum + identity.equals):
                        parts, wholes = (tuple(self.cell_id(row.id, c) for c in side) for side in identity.sides)
                        yield identity, row.id, parts, wholes
            else:
                for column in self.columns_of(identity.sum[0]):
                    parts, wholes = (tuple(self.cell_id(r, column.id) for r in side) for side in identity.sides)
                    yield identity, column.id or "", parts, wholes


class Form(Resource):
    """A statutory form, its tables in order, and the cells that state what a figure of the narrative states.

    ``chosen_by``: words in the clause of a figure that choose one of its ``states``, by its number from 0.
    ``unless``: words in the clause of a figure by which it is of something else.
    ``named_by``: words right before a number that make it one of a metric, or of a cell, even where no label claims it.
    """

    id: Literal["2014", "2019", "2021"]
    title: str
    years: tuple[int, int]
    tables: tuple[Table, ...]
    states: Mapping[str, tuple[tuple[str, ...], ...]] = Field(default_factory=dict)
    chosen_by: Mapping[str, Mapping[int, tuple[str, ...]]] = Field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    named_by: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_cells(self) -> Self:
        known = set(self.cell_ids())
        for metric, alternatives in self.states.items():
            if unknown := {cell for cells in alternatives for cell in cells} - known:
                raise ValueError(
                    f"{metric} is stated by {', '.join(sorted(unknown))}, which form {self.id} does not have"
                )
        for metric, words in self.chosen_by.items():
            if unknown_numbers := words.keys() - set(range(len(self.states.get(metric, ())))):
                raise ValueError(f"words of {metric} choose {sorted(unknown_numbers)}, which `states` does not have")
        if unknown := self.unless.keys() - self.states.keys():
            raise ValueError(f"words speak of {', '.join(sorted(unknown))}, which `states` does not have")
        if unknown := self.named_by.keys() - self.states.keys() - known:
            raise ValueError(f"words name {', '.join(sorted(unknown))}, which form {self.id} does not have")
        return self

    def cell_ids(self) -> Iterator[str]:
        """Ids of all cells in the order of the form."""
        for table in self.tables:
            for row in table.all_rows:
                for column in table.columns_of(row.id):
                    yield table.cell_id(row.id, column.id)

    def table(self, name: str) -> Table:
        """The table of that id."""
        return next(table for table in self.tables if table.id == name)


@cache
def load_forms() -> tuple[Form, ...]:
    """All forms of ``data/forms``, oldest first."""
    names = sorted(entry.name for entry in data_path("forms").iterdir() if entry.name.endswith(".yaml"))
    return tuple(load(f"forms/{name}", Form) for name in names)
