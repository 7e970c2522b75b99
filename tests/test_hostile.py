import os
import time
from pathlib import Path

import pytest
from hostile import READ, REFUSED, Hostile

from extraction.errors import NianbaoError, UnreadableFile
from extraction.readers import MAX_BYTES, pdf, read, read_bytes

SECONDS = 10.0
"""Bound on the time for any file, wide because tests share a machine; the slowest takes about one second."""


@pytest.mark.parametrize("hostile", REFUSED, ids=lambda hostile: hostile.name)
def test_a_bad_file_is_refused_with_place_finding_and_remedy(hostile: Hostile, tmp_path: Path):
    file = tmp_path / hostile.name
    file.write_bytes(hostile.make())
    started = time.perf_counter()
    with pytest.raises(hostile.error) as caught:
        read(file)
    assert time.perf_counter() - started < SECONDS
    message = str(caught.value)
    assert message.startswith(str(file))
    assert "\n" not in message
    for words in hostile.words:
        assert words in message


@pytest.mark.parametrize("name", READ)
def test_a_hard_file_is_read_whatever_its_name_says(name: str):
    data = READ[name]()
    started = time.perf_counter()
    document = read_bytes(data, name=name)
    assert time.perf_counter() - started < SECONDS
    assert document.text.startswith("12 applications")


def test_what_is_not_a_file_is_refused(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    with pytest.raises(UnreadableFile, match="no such file; check the path"):
        read(tmp_path / "none.txt")
    with pytest.raises(UnreadableFile, match=r"a folder; pass the files in it"):
        read(tmp_path)
    with pytest.raises(UnreadableFile, match="not a regular file"):
        read(tmp_path / "pipe.txt")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read(tmp_path / "loop.txt")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        read(Path("a\0b"))


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "report.txt"
    file.write_text("公开", encoding="utf-8")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableFile, match="no permission to read it"):
        read(file)


def test_a_file_over_the_limit_is_not_even_opened(tmp_path: Path):
    file = tmp_path / "huge.pdf"
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 2**20)
    with pytest.raises(UnreadableFile, match="201 MB, over the limit of 200 MB"):
        read(file)


@pytest.mark.parametrize("name", ["pdf.docx", "word.txt"])
def test_a_document_cut_anywhere_raises_only_our_errors(name: str):
    data = READ[name]()
    refused = 0
    for end in range(1, len(data) - 20, max(1, len(data) // 40)):
        try:
            read_bytes(data[:end], name=name)
        except NianbaoError:
            refused += 1
    assert refused > 35


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "MAX_SECONDS", -1)
    with pytest.raises(UnreadableFile, match="0 of 1 pages took over"):
        read_bytes(READ["pdf.docx"](), name="slow.pdf")
