"""Old Word files to a Document: LibreOffice, where it is installed, saves them as DOCX."""

import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from extraction.document import Document
from extraction.errors import UnreadableFile, UnsupportedFile
from extraction.readers import docx

MAX_SECONDS = 120
"""Longest that LibreOffice may take; its first start takes 10 seconds."""
_FOUND = "an old Word file (.doc)"
_SAVE_AS = "open it in Word or WPS and save it as .docx"


def read(data: bytes, *, name: str) -> Document:
    """Read an old Word file.

    :raises UnreadableFile: LibreOffice cannot read it, or takes too long.
    :raises UnsupportedFile: LibreOffice is not installed.
    """
    program = which("soffice") or which("libreoffice")
    if program is None:
        raise UnsupportedFile(name, _FOUND, f"install LibreOffice, or {_SAVE_AS}")
    # A profile of its own: LibreOffice runs once a profile, and the user's may be open.
    with TemporaryDirectory(prefix="nianbao-") as folder:
        source, saved = Path(folder, "report.doc"), Path(folder, "report.docx")
        source.write_bytes(data)
        profile = Path(folder, "profile").as_uri()
        options = ["--headless", "--norestore", "--convert-to", "docx", "--outdir", folder]
        _run([program, f"-env:UserInstallation={profile}", *options, str(source)], name)
        if not saved.is_file():
            raise UnreadableFile(name, f"{_FOUND} that LibreOffice cannot read", _SAVE_AS)
        return replace(docx.read(saved.read_bytes(), name=name), media_type="application/msword")


def _run(command: list[str], name: str) -> None:
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError as error:
        raise UnsupportedFile(name, f"{_FOUND}, and LibreOffice does not start", _SAVE_AS) from error
    try:
        process.wait(MAX_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(name, f"{_FOUND} that took LibreOffice over {MAX_SECONDS} seconds", _SAVE_AS) from error
    finally:
        if process.poll() is None:
            _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End the program with those that it started itself."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
