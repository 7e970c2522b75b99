"""A whole training of a very small model: it is written, judged, read with, and trained further."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extraction.cli import app as reading
from extraction.errors import BadModel, BadResource
from training.cli import app

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")
pytest.importorskip("datasets", reason="training needs the extra `train`")

# What torch and its exporter say of their own insides.
NOISE = ("DeprecationWarning", "FutureWarning", "UserWarning")
pytestmark = [pytest.mark.filterwarnings(f"ignore::{kind}") for kind in NOISE]

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "annotations" / "reports" / "anlan-county-2010.txt"
RECIPE = """
pretraining: {layers: 1, longest: 64, batch: 4, steps: 1, rate: 0.001, warmup: 0.1, masked: 0.15, seed: 1}
finetuning: {epochs: 1, batch: 16, rate: 0.001, head_rate: 0.005, warmup: 0.1, weight_decay: 0.01, smoothing: 0.0,
             patience: 1, dropout: 0.1, copies: 0, joined: 0.2, rows: 4, plain: 0.2, seed: 1}
further: {epochs: 1, batch: 16, rate: 0.0001, head_rate: 0.001, warmup: 0.1, weight_decay: 0.01, smoothing: 0.0,
          patience: 1, dropout: 0.1, copies: 0, joined: 0.2, rows: 4, rehearsed: 20, plain: 0.2, seed: 1}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder of random weights, a recipe, and passages of figures and of problems."""
    from extraction.encoding import Vocabulary
    from training.encoder import configuration
    from training.gold import read_passages
    from training.pretrain import MaskedCharacters

    made = tmp_path_factory.mktemp("training")
    sources = [ROOT / "annotations" / "passages" / name for name in ("01.jsonl", "09.jsonl")]
    lines = [line for path in sources for line in path.read_text(encoding="utf-8").splitlines()[:45]]
    (made / "passages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (made / "recipe.yaml").write_text(RECIPE, encoding="utf-8")
    vocabulary = Vocabulary.of({char for path in sources for p in read_passages(path) for char in p.text})
    encoder = MaskedCharacters(configuration(vocabulary, layers=1, hidden=24, heads=2))
    encoder.save_pretrained(made / "encoder")
    vocabulary.save(made / "encoder" / "vocabulary.txt")
    return made


def train(folder: Path, start: str, output: str, *options: str):
    data, recipe = str(folder / "passages.jsonl"), str(folder / "recipe.yaml")
    places = ["--from", str(folder / start), "-o", str(folder / output), "--recipe", recipe]
    return CliRunner().invoke(app, ["train", data, *places, *options])


@pytest.fixture(scope="module")
def model(folder: Path) -> Path:
    result = train(folder, "encoder", "model", "--folds", "2")
    assert result.exit_code == 0, result.output
    return folder / "model"


def test_the_folder_holds_what_reading_needs_and_its_card(model: Path) -> None:
    names = {path.name for path in model.iterdir()}
    assert names == {
        *("model.onnx", "config.json", "vocabulary.txt", "labels.txt", "combination.json", "problems.npz"),
        *("history.json", "card.json", "README.md", "rehearsed.jsonl"),
    }
    card = json.loads((model / "card.json").read_text(encoding="utf-8"))
    assert {"figures/rules", "figures/model", "figures/both", "problems/both"} <= set(card["scores"]["test"])
    assert sum(side["passages"] for side in card["data"].values()) == 90
    assert card["parity"] > 0.9


def test_a_report_is_read_with_it_and_the_record_says_so(model: Path) -> None:
    result = CliRunner().invoke(reading, ["extract", str(EXAMPLE), "--model", str(model), "--no-text"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["model"].startswith("model-")
    without = CliRunner().invoke(reading, ["extract", str(EXAMPLE), "--no-model", "--no-text"])
    assert json.loads(without.stdout)["model"] is None


def test_it_is_trained_further_and_the_command_says_which_is_better(folder: Path, model: Path) -> None:
    result = train(folder, model.name, "further")
    assert result.exit_code in (0, 1), result.output
    assert "recommended" in result.output
    assert (folder / "further" / "combination.json").read_bytes() == (model / "combination.json").read_bytes()


def test_nothing_is_overwritten(folder: Path, model: Path) -> None:
    before = (model / "model.onnx").read_bytes()
    result = train(folder, "encoder", "model", "--folds", "2")
    assert isinstance(result.exception, BadResource)
    assert (model / "model.onnx").read_bytes() == before


def test_an_encoder_alone_cannot_be_weighed_without_folds(folder: Path) -> None:
    result = train(folder, "encoder", "unweighed")
    assert isinstance(result.exception, BadResource)
    assert not (folder / "unweighed").exists()


def test_too_few_passages_and_unknown_settings_are_refused(folder: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text((folder / "passages.jsonl").read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    start, output = str(folder / "encoder"), str(tmp_path / "model")
    result = CliRunner().invoke(app, ["train", str(few), "--from", start, "-o", output, "--folds", "2"])
    assert isinstance(result.exception, BadResource)
    assert "annotate at least" in str(result.exception)
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(RECIPE.replace("seed: 1}", "seed: 1, speed: 3}"), encoding="utf-8")
    result = CliRunner().invoke(
        app, ["train", str(few), "--from", start, "-o", output, "--folds", "2", "--recipe", str(recipe)]
    )
    assert "speed" in str(result.exception)


def test_a_truncated_model_is_refused(model: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in model.iterdir():
        content = path.read_bytes()
        (broken / path.name).write_bytes(content[: len(content) // 2] if path.name == "model.onnx" else content)
    result = CliRunner().invoke(reading, ["extract", str(EXAMPLE), "--model", str(broken)])
    assert isinstance(result.exception, BadModel)
