import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest
from hostile import ole, word

from extraction import Extractor
from extraction.errors import UnreadableFile, UnsupportedFile
from extraction.readers import doc, read_bytes

OLD = ole("WordDocument")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of LibreOffice, to be written by the test: it gets the same arguments."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "soffice"


def write(program: Path, body: str) -> None:
    program.write_text(f"#!{sys.executable}\nimport sys, time\nfrom pathlib import Path\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


def test_an_old_word_file_is_read_by_way_of_docx(office: Path, tmp_path: Path):
    made = tmp_path / "made.docx"
    made.write_bytes(word("<w:p><w:r><w:t>全年收到申请12件。</w:t></w:r></w:p>"))
    save = "Path(sys.argv[sys.argv.index('--outdir') + 1], 'report.docx')"
    write(
        office,
        "assert sys.argv[1].startswith('-env:UserInstallation=file:///')\n"
        f"assert Path(sys.argv[-1]).read_bytes().startswith({OLD[:8]!r})\n"
        f"{save}.write_bytes(Path({str(made)!r}).read_bytes())",
    )
    document = read_bytes(OLD, name="report.doc")
    assert document.text == "全年收到申请12件。\n"
    assert document.media_type == "application/msword"


def test_without_libreoffice_the_message_says_what_to_do(office: Path):
    with pytest.raises(UnsupportedFile, match=r"old\.doc: an old Word file \(\.doc\); install LibreOffice, or open it"):
        read_bytes(OLD, name="old.doc")


def test_what_libreoffice_cannot_read_is_refused(office: Path):
    write(office, "sys.exit(1)")
    with pytest.raises(UnreadableFile, match="that LibreOffice cannot read; open it in Word"):
        read_bytes(OLD, name="old.doc")


def test_libreoffice_is_stopped_when_it_takes_too_long(office: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doc, "MAX_SECONDS", 0.2)
    write(office, "time.sleep(60)")
    with pytest.raises(UnreadableFile, match=r"took LibreOffice over 0\.2 seconds"):
        read_bytes(OLD, name="old.doc")


@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_itself_gives_the_values_that_the_docx_has(tmp_path: Path):
    given = Path(__file__).parents[1] / "annotations" / "reports" / "jin-an-city-2021.docx"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), str(given)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    extractor = Extractor.load(None)
    new, old = (extractor.extract_file(path) for path in (given, tmp_path / "jin-an-city-2021.doc"))
    assert old.source.media_type == "application/msword"
    assert len(new.cells) > 100
    assert [(cell.id, cell.value, cell.state) for cell in old.cells] == [(c.id, c.value, c.state) for c in new.cells]
