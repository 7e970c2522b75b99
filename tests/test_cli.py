"""The command: what it prints where, its exit status, and that it is quick to start."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import REFUSED, Hostile
from typer.testing import CliRunner, Result

from extraction import Report
from extraction.cli import app, main

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "annotations" / "reports"
COUNTY = str(EXAMPLES / "qinghe-county-2022.html")
"""Its table three has one sum that does not hold, and its narrative one figure that the table does not state."""
STREET = str(EXAMPLES / "lianxi-street-2022.txt")
VERBS = ("extract", "check", "explain")


def invoke(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=stdin)


def nianbao(*arguments: str, stdin: bytes = b"", cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "extraction.cli", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, timeout=120, check=False)


def test_extract_prints_the_record_on_one_line() -> None:
    result = invoke("extract", COUNTY)
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    report = Report.model_validate_json(result.stdout)
    assert (report.report.year, report.report.form) == (2022, "2021")
    assert report.cells


def test_extract_pretty_is_the_same_record() -> None:
    pretty = invoke("extract", COUNTY, "--pretty")
    assert pretty.stdout.startswith('{\n  "schema": "1",\n')
    assert json.loads(pretty.stdout) == json.loads(invoke("extract", COUNTY).stdout)


def test_extract_without_text_leaves_out_the_text_alone() -> None:
    whole, short = (json.loads(invoke("extract", COUNTY, *options).stdout) for options in ((), ("--no-text",)))
    assert whole.keys() - short.keys() == {"text"}
    assert all(short[key] == whole[key] for key in short)


def test_standard_input_gives_the_record_of_the_file() -> None:
    result = nianbao("extract", "-", "--no-text", stdin=Path(COUNTY).read_bytes())
    assert result.returncode == 0, result.stderr.decode()
    assert result.stderr == b""
    piped, read = json.loads(result.stdout), json.loads(invoke("extract", COUNTY, "--no-text").stdout)
    assert piped["source"].pop("path") == "standard input"
    assert read["source"].pop("path") == COUNTY
    assert piped == read


def test_money_is_printed_as_a_number() -> None:
    record = json.loads(invoke("extract", COUNTY, "--no-text").stdout)
    assert {type(cell["value"]) for cell in record["cells"]} <= {int, float, type(None)}


def test_check_of_a_sound_report() -> None:
    result = invoke("check", STREET)
    assert result.exit_code == 0
    assert "2022 · form 2021" in result.stdout
    assert "0 errors, " in result.stdout.splitlines()[-1]


def test_check_names_the_broken_sum_and_shows_the_words_of_the_narrative() -> None:
    result = invoke("check", COUNTY)
    assert result.exit_code == 1
    assert "error applications.applicants" in result.stdout
    assert "（一）予以公开" in result.stdout
    assert "applications.granted.total = 23 (given)" in result.stdout
    assert "warning narrative.table" in result.stdout
    assert "「5件」" in result.stdout


def test_check_prints_findings_as_json() -> None:
    result = invoke("check", COUNTY, "--json")
    assert result.exit_code == 1
    record = json.loads(result.stdout)
    assert record.keys() == {"source", "report", "findings", "checks", "corrections", "prior"}
    assert {"holds", "broken"} <= {check["answer"] for check in record["checks"]}
    assert record["corrections"] == [
        "表三 第三项（一）予以公开 总计：23 → 22",
        "正文 「不予公开5件」：5 → 4（以统计表为准）",
    ]
    assert "applications.applicants" in {finding["check"] for finding in record["findings"]}


def test_check_of_a_folder_reads_all_and_compares_years(tmp_path: Path) -> None:
    source = Path(COUNTY).read_text(encoding="utf-8")
    folder, pages = tmp_path / "reports", tmp_path / "pages"
    folder.mkdir()
    (folder / "2022.html").write_text(source, encoding="utf-8")
    (folder / "2021.html").write_text(source.replace("2022年", "2021年"), encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    result = invoke("check", str(folder), "--html", str(pages), "--json", "--no-model")
    assert result.exit_code == 1
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["report"]["year"], second["report"]["year"]) == (2021, 2022)
    assert first["prior"] is None
    assert second["prior"] == str(folder / "2021.html")
    assert "years.carried" in {check["check"] for check in second["checks"]}
    assert sorted(path.name for path in pages.iterdir()) == ["0001-2021.html", "0002-2022.html"]


def test_rollup_compares_a_body_with_its_subordinates(tmp_path: Path) -> None:
    bodies = tmp_path / "bodies.txt"
    bodies.write_text("安澜县东镇\n", encoding="utf-8")
    result = invoke("rollup", COUNTY, STREET, "--bodies", str(bodies), "--no-model")
    assert "安澜县东镇" in result.stdout
    assert " cells open" in result.stdout.splitlines()[-1]


@pytest.mark.parametrize("arguments", [("check", "{}"), ("rollup", STREET, "{}"), ("rollup", "{}", STREET)])
def test_a_folder_without_a_report_is_refused(arguments: tuple[str, ...], tmp_path: Path) -> None:
    result = nianbao(*(each.format(tmp_path) for each in arguments))
    assert result.returncode == 2
    [line] = result.stderr.decode().splitlines()
    assert line.startswith(f"nianbao: {tmp_path}: ")


@pytest.mark.parametrize("text", ["今天天气很好。", "# README\n\nInstall with pip.", "收到申请12件。"])
def test_a_document_that_is_no_report_is_a_record_and_an_error_finding(text: str, tmp_path: Path) -> None:
    file = tmp_path / "other.txt"
    file.write_text(text, encoding="utf-8")
    extracted = invoke("extract", str(file))
    assert extracted.exit_code == 0
    record = json.loads(extracted.stdout)
    assert record["report"]["form"] is None
    assert record["text"].strip() == text
    assert [finding["severity"] for finding in record["findings"]] == ["error"]
    checked = invoke("check", str(file))
    assert checked.exit_code == 1
    assert "other.txt" in checked.stdout
    assert "error form.complete" in checked.stdout


def test_explain_a_cell() -> None:
    result = invoke("explain", COUNTY, "applications.granted.total")
    assert result.exit_code == 0
    assert result.stdout.startswith("applications.granted.total  23 件  given")
    assert "printed    23" in result.stdout
    assert "「23」" in result.stdout
    assert "（一）予以公开" in result.stdout
    assert "a table of the file's own format" in result.stdout
    assert "error " in result.stdout


def test_explain_a_row_gives_all_its_cells() -> None:
    result = invoke("explain", COUNTY, "applications.received")
    names = [line.split()[0] for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert len(names) == 7
    assert names[-1] == "applications.received.total"


def test_explain_a_figure_by_metric_and_by_number() -> None:
    figures = json.loads(invoke("extract", COUNTY).stdout)["figures"]
    first = invoke("explain", COUNTY, "figures.0")
    assert first.exit_code == 0
    assert first.stdout.startswith(figures[0]["metric"])
    assert f"「{figures[0]['text']}」" in first.stdout
    assert (figures[0]["rule"] or "by model") in first.stdout
    assert first.stdout in invoke("explain", COUNTY, figures[0]["metric"]).stdout


def test_explain_refuses_an_unknown_id() -> None:
    result = nianbao("explain", COUNTY, "applications.granted.nobody")
    assert (result.returncode, result.stdout) == (2, b"")
    (line,) = result.stderr.decode().splitlines()
    assert line.startswith("nianbao: applications.granted.nobody: no cell or figure of qinghe-county-2022.html")


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_an_example_that_runs(verb: str) -> None:
    text = re.sub(r"\s+", " ", invoke(verb, "--help").stdout)
    found = re.search(r"Example: nianbao (.+?) Arguments:", text)
    assert found
    result = nianbao(*shlex.split(found[1]))
    assert result.returncode in (0, 1), result.stderr.decode()
    assert result.stderr == b""
    assert result.stdout


@pytest.mark.parametrize("hostile", REFUSED, ids=lambda hostile: hostile.name)
def test_a_bad_file_is_one_line_and_status_2(
    hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / hostile.name
    file.write_bytes(hostile.make())
    monkeypatch.setattr(sys, "argv", ["nianbao", "check", str(file)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert line.startswith(f"nianbao: {file}: ")


@pytest.mark.parametrize("verb", ["extract", "check"])
@pytest.mark.parametrize("name", ["noise.pdf", "cut.docx", "none"])
def test_a_bad_file_says_no_more_in_a_process_of_its_own(name: str, verb: str, tmp_path: Path) -> None:
    file = tmp_path / name
    for hostile in REFUSED:
        if hostile.name == name:
            file.write_bytes(hostile.make())
    result = nianbao(verb, str(file))
    assert (result.returncode, result.stdout) == (2, b"")
    (line,) = result.stderr.decode().splitlines()
    assert line.startswith(f"nianbao: {file}: ")


@pytest.mark.parametrize("arguments", [["extract"], ["check", COUNTY, "--nothing"], ["print", COUNTY]])
def test_wrong_usage_is_status_2_without_traceback(arguments: list[str]) -> None:
    result = nianbao(*arguments)
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"Usage: " in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    command = [sys.executable, "-m", "extraction.cli", "extract", COUNTY, "--pretty"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) in (0, 1)


def imported(*arguments: str) -> set[str]:
    """The packages in memory after the command ran."""
    code = (
        "import sys, json\n"
        "from extraction import cli\n"
        f"sys.argv = ['nianbao', *{arguments!r}]\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, timeout=60, check=True)
    return set(json.loads(result.stderr))


def test_help_loads_no_library_of_a_stage() -> None:
    loaded = imported("--help")
    assert "typer" in loaded
    assert not loaded & {"spacy", "jieba", "pdfplumber", "pypdfium2", "lxml", "numpy", "pydantic", "yaml", "rapidfuzz"}


def test_extract_loads_no_model_library_and_none_of_other_formats() -> None:
    loaded = imported("extract", STREET)
    assert {"pydantic", "yaml"} <= loaded
    assert not loaded & {"torch", "transformers", "pdfplumber", "pypdfium2", "training"}


def test_counts_of_the_page_before_the_first_section_are_no_figures() -> None:
    report = json.loads(invoke("extract", COUNTY).stdout)
    assert "浏览次数" in report["text"][: report["sections"][0]["start"]]
    assert all(figure["section"] for figure in report["figures"] if figure["source"] == "model")
    assert "318 次" not in [figure["text"] for figure in report["figures"]]
