"""The wheel holds all that the program needs and nothing else, and works from another folder."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "annotations" / "reports" / "qinghe-county-2022.html"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built offline, from a copy, so that no folder of a build is left in the checkout."""
    pytest.importorskip("setuptools", minversion="77", reason="building needs setuptools")
    source = tmp_path_factory.mktemp("source")
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, source)
    for name in ("extraction", "training"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "models" / "default", source / "models" / "default")
    wheels = tmp_path_factory.mktemp("wheels")
    build = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(source)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    (built,) = wheels.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def files(package: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / package).rglob("*") if path.is_file()}


def test_wheel_holds_every_module_and_all_data(names: set[str]) -> None:
    needed = {name for name in files("extraction") | files("training") if "__pycache__" not in name}
    assert {name for name in needed if "/data/" in name}
    assert needed - names == set()
    assert {f"extraction/default_model/{path.name}" for path in (ROOT / "models" / "default").iterdir()} <= names


def test_wheel_holds_nothing_else(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"extraction", "training"}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_wheel_works_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    install = [*PIP, "install", "--no-deps", "--no-index", "--target", str(installed), str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=300)
    result = subprocess.run(
        [sys.executable, "-m", "extraction.cli", "extract", str(EXAMPLE)],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert json.loads(result.stdout)["report"]["year"] == 2022
    where = [sys.executable, "-c", "import extraction; print(extraction.__file__)"]
    found = subprocess.run(
        where, cwd=elsewhere, env={**os.environ, "PYTHONPATH": str(installed)}, capture_output=True, check=True
    )
    assert Path(found.stdout.decode().strip()).is_relative_to(installed)
