"""`nianbao annotations check` on small bad files, and how passages are split and read from records."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extraction.errors import BadResource
from extraction.schema import Cell, Figure, Head, Problem, Report, Section, Source
from training.annotations import check
from training.cli import app
from training.gold import render
from training.records import passages_of
from training.split import Plan, Split, files_of

ROOT = Path(__file__).parents[1]
LONG = "本年度通过门户网站公开各类政府信息{}，比规定的时限提前两天。"


def write(path: Path, *lines: str | dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def marked(text: str, **others: object) -> dict[str, object]:
    return {"marked": text, **others}


def planned(folder: Path) -> Path:
    """A folder of three splits, two of them with the same sentence and other numbers."""
    write(folder / "split.yaml", "train: [a.jsonl]", "development: [b.jsonl]", "test: [c/*.jsonl]")
    write(folder / "a.jsonl", marked(LONG.format("[[12条|disclosed_website]]"), year=2012))
    write(folder / "b.jsonl", marked("没有人提出申请。"))
    write(folder / "c" / "c.jsonl", marked(LONG.format("[[三百零五条|disclosed_website]]")))
    return folder


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["annotations", "check", *arguments])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "not a passage"),
        ('["甲"]', "not a passage"),
        ({"text": "甲"}, "not a passage"),
        ({"marked": 5}, "not a passage (5)"),
        ({"marked": ["甲", None]}, "not a passage"),
        (marked("公开[[12条|visitors]]。"), "unknown label 'visitors'"),
        (marked("公开[[12条|permits]。"), "malformed mark"),
        (marked("公开[[|permits]]。"), "empty mark"),
        (marked("公开[[约12条|disclosed_total]]。"), "mark '12条'"),
        (marked("公开[[若干条|disclosed_total]]。"), "unmark it"),
        (marked("甲。", year="2012"), "year is '2012'"),
        (marked("甲。", form="2015"), "form is '2015'"),
        (marked(" "), "no text"),
        (marked("不同。", id="first"), "the same id as bad.jsonl:1 first"),
        (marked("第一行。"), "the same text as bad.jsonl:1 first"),
    ],
)
def test_a_fault_is_named_with_its_line(line: str | dict[str, object], named: str, tmp_path: Path) -> None:
    file = write(tmp_path / "bad.jsonl", marked("第一行。", id="first"), line)
    (fault,) = check({"train": [file]}).faults
    assert fault.place.startswith("bad.jsonl:2")
    assert named in fault.message


def test_all_faults_are_listed_in_one_run(tmp_path: Path) -> None:
    file = write(tmp_path / "bad.jsonl", "{", marked("[[12条|visitors]]"), marked("甲。"), "[]")
    status, output = run(str(file))
    assert status == 1
    assert [line.split()[1] for line in output.splitlines() if line.startswith("error")] == [
        f"bad.jsonl:{number}:" for number in (1, 2, 4)
    ]
    assert output.splitlines()[-1] == "3 errors"


def test_near_duplicates_across_splits_are_found(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    (fault,) = check(Plan.load(folder).files(folder)).faults
    assert fault.place == "a.jsonl:1 (train)"
    assert "100 % the same as c.jsonl:1 (test)" in fault.message


def test_within_a_split_passages_may_be_alike(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", *(marked(LONG.format(f"[[{n}条|disclosed_website]]")) for n in (1, 2)))
    assert check({"train": [file]}).faults == []


def test_labels_are_counted_by_era_and_split(tmp_path: Path) -> None:
    folder = planned(tmp_path)
    checked = check(Plan.load(folder).files(folder))
    count = checked.labels["disclosed_website"]
    assert count.eras == {"2008-13": 1, "2014-18": 0, "2019-20": 0, "2021-": 0, "no year": 0}
    assert count.splits == {"train": 1, "development": 0, "test": 1}
    assert "disclosed_website" in checked.rare


def test_passages_without_marks_are_counted(tmp_path: Path) -> None:
    lines = (marked("公开[[12条|disclosed_total]]。"), marked("种树3000棵。"), marked("没有申请。"))
    held = check({"train": [write(tmp_path / "a.jsonl", *lines)]}).passages["train"]
    assert (held.passages, held.marked, held.unmarked_numbers) == (3, 1, 1)


def test_disagreements_with_the_rules(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", marked("收到申请[[3件|permits]]。", id="odd", year=2022))
    status, output = run(str(file), "--disagreements", "--json")
    assert status == 0
    assert [line.split()[:3] for line in json.loads(output)["disagreements"]] == [
        ["odd", "missed", "permits"],
        ["odd", "spurious", "applications_received"],
    ]


def test_the_test_split_is_not_compared_with_the_rules(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", marked("收到申请[[3件|permits]]。"))
    assert check({"test": [file]}, with_disagreements=True).disagreements == []


def nianbao(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training.cli", *arguments]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=120, check=False)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({}, "no file of passages in it"),
        ({"a.jsonl": b"\xff\xfe\x00"}, "cannot be read"),
        ({"split.yaml": b"train: [a.jsonl]"}, "Field required"),
        ({"split.yaml": b"train: []\ndevelopment: []\ntest: []\nothers: []"}, "Extra inputs"),
        ({"split.yaml": b"train: [x]\ndevelopment: []\ntest: []"}, "'x' fits no file"),
        ({"split.yaml": b"train: []\ndevelopment: []\ntest: []", "a.jsonl": b""}, "in no split"),
        ({"split.yaml": b"train: [a.jsonl]\ndevelopment: ['*.jsonl']\ntest: []", "a.jsonl": b""}, "in train and again"),
    ],
)
def test_a_bad_folder_is_one_line_and_status_2(content: dict[str, bytes], named: str, tmp_path: Path) -> None:
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    result = nianbao("annotations", "check", str(tmp_path))
    assert (result.returncode, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"nianbao: {tmp_path}")
    assert named in line


def test_without_arguments_the_folder_annotations_is_checked(tmp_path: Path) -> None:
    result = nianbao("annotations", "check", cwd=tmp_path)
    assert (result.returncode, result.stderr.splitlines()) == (
        2,
        ["nianbao: annotations: no such file or folder; give JSON lines files or a folder of them"],
    )


def test_the_example_of_the_help_runs() -> None:
    text = " ".join(CliRunner().invoke(app, ["annotations", "check", "--help"]).output.split())
    arguments = text.partition("Example: nianbao ")[2].partition(" Arguments:")[0].split()
    result = nianbao(*arguments)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("0 errors\n")


def test_help_loads_no_heavy_library() -> None:
    code = "import sys, training.cli; print(*{name.split('.')[0] for name in sys.modules})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not set(result.stdout.split()) & {"spacy", "jieba", "numpy", "pydantic", "yaml", "torch", "transformers"}


def test_files_without_a_plan_are_split_by_their_texts(tmp_path: Path) -> None:
    texts = [f"{chr(0x4E00 + 37 * n)}{chr(0x6000 + n)}公开[[{n + 1}条|disclosed_total]]。" for n in range(200)]
    file = write(tmp_path / "a.jsonl", *map(marked, texts))
    split = Split.load(file)
    sizes = [len(split.train), len(split.development), len(split.test)]
    assert sum(sizes) == 200
    assert all(abs(size - wanted) < 20 for size, wanted in zip(sizes, (140, 30, 30), strict=True))
    reordered = Split.load(write(tmp_path / "b.jsonl", *map(marked, reversed(texts))))
    assert {passage.text for passage in reordered.test} == {passage.text for passage in split.test}


def test_copies_with_other_numbers_stay_on_one_side(tmp_path: Path) -> None:
    lines = [marked(LONG.format(f"[[{n} 条|disclosed_website]]")) for n in range(1, 30)]
    split = Split.load(write(tmp_path / "a.jsonl", *lines))
    assert sorted(map(len, (split.train, split.development, split.test))) == [0, 0, 29]


def test_a_folder_without_passages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadResource, match="no passage"):
        Split.load(write(tmp_path / "a.jsonl", ""))


def record(text: str, *, figures: dict[str, str], problems: dict[str, str], cells: tuple[Cell, ...] = ()) -> Report:
    """A record whose figures and problems are given by their words."""
    places = {words: text.index(words) for words in (*figures, *problems)}
    return Report(
        source=Source(path=None, sha256="0", media_type="text/plain"),
        report=Head(year=2022, form="2021"),
        text=text,
        sections=(Section(number=5, title="五、存在的问题", start=text.index("五"), end=len(text)),),
        cells=cells,
        figures=tuple(
            Figure(metric=m, value=1, unit=None, text=w, start=places[w], end=places[w] + len(w), confidence=1)  # type: ignore[arg-type]
            for w, m in figures.items()
        ),
        problems=tuple(
            Problem(type=t, text=w, start=places[w], end=places[w] + len(w), confidence=1) for w, t in problems.items()
        ),
    )


REPORT = "公开信息12条。\n收到申请\t3\n五、存在的问题\n人手不足，只有1人。\n"


def test_a_record_becomes_passages_with_its_marks_moved() -> None:
    start = REPORT.index("3\n")
    cell = Cell(
        id="applications.received.total", table="applications", row="received", column="total", raw="3", value=3,  # type: ignore[arg-type]
        unit="件", state="given", start=start, end=start + 1, source="rule", confidence=1,
    )  # fmt: skip
    report = record(
        REPORT,
        figures={"12条": "disclosed_total", "1人": "staff_total"},
        problems={"人手不足": "staff_shortage"},
        cells=(cell,),
    )
    passages = [*passages_of(report, name="town")]
    assert [render(passage.text, passage.marks) for passage in passages] == [
        "公开信息[[12条|disclosed_total]]。",
        "五、存在的问题",
        "[[人手不足|staff_shortage]]，只有[[1人|staff_total]]。",
    ]
    assert {(passage.year, passage.form) for passage in passages} == {(2022, "2021")}
    assert passages[0].id == "town#0"


def test_a_figure_inside_a_problem_gives_way_to_it() -> None:
    report = record(REPORT, figures={"1人": "staff_total"}, problems={"人手不足，只有1人": "staff_shortage"})
    assert [mark.label for passage in passages_of(report, name="town") for mark in passage.marks] == ["staff_shortage"]


def test_a_record_with_an_unknown_label_is_refused() -> None:
    with pytest.raises(BadResource, match="unknown label 'visitors'"):
        list(passages_of(record(REPORT, figures={"12条": "visitors"}, problems={}), name="town"))


def test_records_are_read_from_a_folder(tmp_path: Path) -> None:
    report = record(REPORT, figures={"12条": "disclosed_total"}, problems={})
    file = tmp_path / "town.record.json"
    file.write_text(report.model_dump_json(by_alias=True), encoding="utf-8")
    assert files_of(tmp_path) == [file]
    assert sum(len(passage.marks) for side in vars(Split.load(tmp_path)).values() for passage in side) == 1


def test_a_record_without_its_text_is_refused(tmp_path: Path) -> None:
    report = record(REPORT, figures={}, problems={})
    file = tmp_path / "town.record.json"
    file.write_text(report.model_dump_json(by_alias=True, exclude={"text"}), encoding="utf-8")
    with pytest.raises(BadResource, match=r"text: Field required.*with its text"):
        Split.load(tmp_path)
