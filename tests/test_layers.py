"""What the modules may import and how the code is written: the rules that a reviewer would otherwise have to repeat."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A line a module of `extraction` (a package counts as one): which of ours it may import. Data flows downwards.
LAYERS = {
    "schema": "",
    "errors": "",
    "document": "",
    "candidates": "schema",
    "resources": "errors schema",
    "numbers": "resources schema",
    "segmentation": "resources",
    "words": "resources segmentation",
    "sums": "resources",
    "surroundings": "numbers words",
    "readers": "document errors resources",
    "sections": "document resources schema",
    "tables": "document numbers resources",
    "forms": "document numbers resources schema sums",
    "recognition": "document numbers resources schema sums",
    "narrative": "document schema",
    "clauses": "",
    "rules": "candidates document numbers resources schema surroundings words",
    "encoding": "errors segmentation",
    "windows": "document",
    "tagger": "document encoding errors resources windows",
    "torch_backend": "errors tagger",
    "guesses": "document numbers resources schema",
    "combination": "candidates errors guesses resources",
    "terms": "",
    "clause_types": "clauses document errors resources schema segmentation terms",
    "model": "clause_types combination errors resources tagger torch_backend",
    "figures": "candidates combination guesses schema",
    "problems": "clauses document resources schema",
    "slips": "resources schema",
    "checks": "numbers resources schema slips sums",
    "readings": "schema sums",
    "repair": "readings resources schema slips sums",
    "pipeline": "checks combination document figures forms guesses model narrative numbers problems readers "
    "recognition repair resources rules schema sections tables",
    "corrections": "resources schema",
    "page": "corrections resources schema",
    "checking": "checks repair resources schema",
    "terminal": "corrections schema",
    "loading": "",
    "batch": "corrections errors loading model pipeline resources schema",
    "cli": "batch checking checks corrections errors loading page pipeline resources schema terminal",
    "__init__": "errors pipeline schema",
}
STAGES = {"readers", "sections", "tables", "forms", "narrative", "rules", "figures", "problems", "checks", "repair"}
HEAVY = {"torch", "transformers", "tensorflow"}
# The one module that may import these, inside of its functions: whoever has no model of that kind goes without.
OPTIONAL = "torch_backend"
# What the extra `ocr` brings, for the readers of scans alone.
OCR = {"cv2", "PIL", "rapidocr"}
MOST_LINES = 350
LONGEST_PATTERN = 80

NUMERALS = "〇零一二两三四五六七八九十百千万亿"
# Runs of more than three Chinese characters that are no numerals, and why they stand in code.
CHINESE = {
    "政府信息公开工作年度报告": "cli: the help says by name what the command reads",
    "共计为有": "numbers: single characters right before a number, where it is a count",
    "为有在了达到": "numbers: single characters between a qualifier and its number",
    "长降为比": "numbers: single characters that make a sign before a number a minus",
    "较比与同自从至到和": "surroundings: single characters that make a year the one compared with",
    "底末以来": "surroundings: single characters that make a year a point in time",
}


def sources(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module(path: Path) -> str:
    """The name below `extraction`: `readers` for all files of that package."""
    return path.relative_to(ROOT / "extraction").parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Full names of what a file imports, also inside functions; a name taken from a package counts as its module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_of_ours(path: Path) -> set[str]:
    names = (name.split(".") for name in imported(path))
    below = {parts[1] if len(parts) > 1 else "__init__" for parts in names if parts[0] == "extraction"}
    return {"pipeline" if name == "Extractor" else name for name in below} - {module(path)}


def strings(path: Path) -> Iterator[ast.Constant]:
    """String literals that are no docstrings."""
    documentation = {
        id(statement.value)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node


def patterns(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every literal inside the first argument of a call to `re`."""
    for call in ast.walk(tree(path)):
        if isinstance(call, ast.Call) and call.args and ast.unparse(call.func).startswith("re."):
            for node in ast.walk(call.args[0]):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.lineno, node.value


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef]]:
    """Public functions and classes of a module with the methods of the classes."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{node.name}.")


CODE = [*sources("extraction"), *sources("training")]
each_file = pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))


def test_every_module_has_its_line() -> None:
    assert {module(path) for path in sources("extraction")} == LAYERS.keys()


@pytest.mark.parametrize("name", LAYERS)
def test_a_module_imports_only_what_its_line_says(name: str) -> None:
    found = {other for path in sources("extraction") if module(path) == name for other in imported_of_ours(path)}
    assert found <= set(LAYERS[name].split()), f"{name} may not import these"


def test_the_lines_themselves_keep_the_order() -> None:
    seen: set[str] = set()
    for name, others in LAYERS.items():
        assert set(others.split()) <= seen, f"{name} imports what stands below it"
        assert name in {"pipeline", "checking", "batch", "cli", "__init__"} or not STAGES & set(others.split()), (
            f"{name} imports a stage"
        )
        seen.add(name)


def test_document_needs_the_standard_library_alone() -> None:
    names = {name.split(".")[0] for name in imported(ROOT / "extraction" / "document.py")}
    assert names <= sys.stdlib_module_names


@pytest.mark.parametrize("path", sources("extraction"), ids=lambda path: str(path.relative_to(ROOT)))
def test_extraction_imports_neither_training_nor_what_it_needs(path: Path) -> None:
    names = {name.split(".")[0] for name in imported(path)}
    assert not names & ({"training", "tests"} if module(path) == OPTIONAL else {*HEAVY, "training", "tests"})


def test_torch_is_imported_only_inside_of_functions() -> None:
    body = tree(ROOT / "extraction" / f"{OPTIONAL}.py").body
    lines = [ast.unparse(node) for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [line for line in lines if line.split()[1].split(".")[0] in HEAVY] == []


def test_the_readers_of_scans_are_imported_only_inside_of_functions() -> None:
    readers = {path.stem: path for path in sources("extraction") if module(path) == "readers"}
    scans = {name for name, path in readers.items() if {each.split(".")[0] for each in imported(path)} & OCR}
    while (
        more := {
            name for name, path in readers.items() if {f"extraction.readers.{each}" for each in scans} & top_level(path)
        }
        - scans
    ):
        scans |= more
    assert {"scan", "recogniser"} <= scans
    assert not scans & {"__init__", "pdf", "sniff"}


def top_level(path: Path) -> set[str]:
    """The modules that a file imports when it is imported itself."""
    body = [node for node in tree(path).body if isinstance(node, ast.ImportFrom)]
    return {name for node in body for alias in node.names for name in (str(node.module), f"{node.module}.{alias.name}")}


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["dask"], *extras["duckdb"], *extras["datasets"]]
    declared = {re.split(r"[<>=~!; \[]", name)[0].lower().replace("_", "-") for name in needed}
    distributions = packages_distributions()
    foreign = {
        name.split(".")[0]
        for path in sources("extraction")
        for name in imported(path)
        if name.split(".")[0]
        not in sys.stdlib_module_names | {"extraction"} | {OPTIONAL: HEAVY, "readers": OCR}.get(module(path), set())
    }
    of = {name: {each.lower().replace("_", "-") for each in distributions.get(name, [name])} for name in foreign}
    assert {name for name, packages in of.items() if not packages & declared} == set()


@each_file
def test_no_file_is_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@each_file
def test_words_are_data(path: Path) -> None:
    runs = [
        (node.lineno, run) for node in strings(path) for run in re.findall(f"[{NUMERALS}]*([一-鿿]{{4,}})", node.value)
    ]
    assert [(line, run) for line, run in runs if run not in CHINESE and run.strip(NUMERALS)] == []


def test_every_exception_is_still_needed() -> None:
    values = [node.value for path in CODE for node in strings(path)]
    assert [run for run in CHINESE if not any(run in str(value) for value in values)] == []


@each_file
def test_no_regular_expression_is_long(path: Path) -> None:
    assert [(line, len(text), text) for line, text in patterns(path) if len(text) > LONGEST_PATTERN] == []


@each_file
def test_what_is_public_is_documented(path: Path) -> None:
    assert ast.get_docstring(tree(path)), "the module"
    assert [name for name, node in public(tree(path).body) if not ast.get_docstring(node)] == []
