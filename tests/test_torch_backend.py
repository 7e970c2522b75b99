"""A checkpoint of transformers as a model: scores at characters, and folders that are not one."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from extraction.document import Sentence
from extraction.encoding import Vocabulary
from extraction.errors import BadModel
from extraction.model import Model, load_tagger
from extraction.tagger import LABELS as LABELS_FILE
from extraction.tagger import VOCABULARY, WEIGHTS, Labels, Tagger
from extraction.torch_backend import TorchReader, at_characters

torch = pytest.importorskip("torch", reason="torch is not installed (extra train)")
transformers = pytest.importorskip("transformers", reason="transformers is not installed (extra train)")

ROOT = Path(__file__).resolve().parents[1]
# In another order than the program's, as a checkpoint of others has it.
LABELS = ("B-permits", "O", "I-permits", "row:applications.granted", "B-timeliness", "I-timeliness")
PIECES = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    *"共收到公开件，。（）",
    "2023",
    "##12",
    "app",
    "##s",
    "20",
    "##8",
)
TEXT = "收到 2023件，apps 龘公开2012件。\n共"


def save(folder: Path, labels: tuple[str, ...] = LABELS, pieces: tuple[str, ...] = PIECES, longest: int = 512) -> Path:
    """A model of one layer with random weights, laid out as transformers saves it."""
    folder.mkdir()
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece in pieces), encoding="utf-8")
    transformers.BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(3)
    config = transformers.BertConfig(
        vocab_size=len(PIECES), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=longest, initializer_range=0.5, id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )  # fmt: skip
    transformers.BertForTokenClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("model") / "bert")


def one_hot(*labels: int) -> np.ndarray:
    """A row a token, 9 at its label and 0 at the others, of O, B, I, and a header."""
    return 9 * np.eye(4, dtype=np.float32)[list(labels)]


def test_what_begins_at_a_token_begins_at_its_first_character() -> None:
    # 「共2023件」 as [CLS] 共 2023 件 [SEP]
    offsets = np.array([(0, 0), (0, 1), (1, 5), (5, 6), (0, 0)])
    found = at_characters(one_hot(0, 0, 1, 2, 0), offsets, length=6, spans=1)
    assert found.argmax(axis=1).tolist() == [0, 1, 2, 2, 2, 2]
    assert np.isneginf(found[2:5, 1]).all()
    mass = np.exp(found) / np.exp(found).sum(axis=1, keepdims=True)
    assert np.allclose(mass[1, 1:3].sum(), mass[2:5, 2])


def test_a_character_without_a_token_is_outside_and_does_not_speak_for_the_header() -> None:
    # 「予 以」 as 予 以
    found = at_characters(one_hot(3, 3), np.array([(0, 1), (2, 3)]), length=3, spans=1)
    assert found[1, [0, 3]].tolist() == found[0, [0, 3]].tolist()
    assert np.isneginf(found[1, 1:3]).all()
    assert found.shape == (3, 4)


def test_a_text_without_a_token_is_outside() -> None:
    assert at_characters(one_hot(1), np.array([(0, 0)]), length=2, spans=1).argmax(axis=1).tolist() == [0, 0]


def test_every_character_has_the_scores_of_its_token(folder: Path) -> None:
    reader = TorchReader.load(folder)
    [found] = reader.scores([TEXT], None, None)
    assert reader.labels.names == ("O", "B-permits", "I-permits", "B-timeliness", "I-timeliness", LABELS[3])
    tokens = transformers.AutoTokenizer.from_pretrained(folder)(TEXT, return_offsets_mapping=True, return_tensors="pt")
    offsets = tokens.pop("offset_mapping")[0].tolist()
    with torch.no_grad():
        logits = transformers.BertForTokenClassification.from_pretrained(folder)(**tokens).logits[0].numpy()
    assert found.shape == (len(TEXT), len(LABELS))
    assert {"2023", "app", "s", "龘", "20", "12"} <= {TEXT[start:end] for start, end in offsets}
    for (start, end), row in zip(offsets, logits, strict=True):
        if start < end:
            assert np.allclose(found[start], row[[1, 0, 2, 4, 5, 3]], atol=1e-5), TEXT[start:end]
    assert [at for at, row in enumerate(found) if np.isneginf(row[1:5]).all()] == [2, 13, 23]
    assert [TEXT[at] for at in (2, 13, 23)] == [" ", " ", "\n"]


def test_a_text_is_read_alike_alone_and_among_others(folder: Path) -> None:
    reader = TorchReader.load(folder)
    texts = [TEXT, "", "件", " ", "公开" * 100]
    together = reader.scores(texts, "2021", None)
    assert [each.shape for each in together] == [(len(text), len(LABELS)) for text in texts]
    for text, found in zip(texts, together, strict=True):
        assert np.allclose(reader.scores([text], None, None)[0], found, atol=1e-5)


def test_a_text_longer_than_the_model_takes_is_read_to_its_end(tmp_path: Path) -> None:
    [found] = TorchReader.load(save(tmp_path / "short", longest=16)).scores(["收到公开" * 20], None, None)
    assert found.shape == (80, len(LABELS))
    assert np.isfinite(found).all()


def test_the_tagger_gives_the_same_arrays_as_with_onnx(folder: Path) -> None:
    tagger = load_tagger(folder)
    texts = [TEXT, "收到" * 300 + "2023件。"]
    sentences = [Sentence(text, tuple(range(len(text))), None, 0) for text in texts]
    found = tagger.read(sentences, [True, True], form="2021")
    assert [found[i].shape for i in range(2)] == [(len(text), 1 + 2 * 2) for text in texts]
    assert all(np.allclose(array.sum(axis=1), 1, atol=1e-5) for array in found.values())
    assert all(array.dtype == np.float32 for array in found.values())
    assert found[0][TEXT.index(" ")].tolist() == [1, 0, 0, 0, 0]
    headers = tagger.headers(["公开 件", "公开件"])
    assert headers.shape == (2, 2)
    assert np.allclose(headers[0], headers[1], atol=1e-5)


def test_without_labels_of_headers_no_text_is_one(tmp_path: Path) -> None:
    tagger = Tagger(TorchReader.load(save(tmp_path / "spans", (*LABELS[:3], *LABELS[4:]))))
    assert tagger.headers(["件", "公开"]).tolist() == [[1], [1]]


def test_loading_says_nothing(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    load_tagger(folder)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (("O", "B-visitors", "I-visitors"), "unknown labels"),
        (("LABEL_0", "LABEL_1"), "unknown labels"),
        (("O", "B-permits"), "I-permits"),
        (("B-permits", "I-permits"), r"\['O'\]"),
    ],
)
def test_labels_are_known_and_in_pairs(tmp_path: Path, labels: tuple[str, ...], found: str) -> None:
    with pytest.raises(BadModel, match=found):
        load_tagger(save(tmp_path / "model", labels))


def truncate(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-200])


def widen(folder: Path) -> None:
    content = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**content, "hidden_size": 64}), encoding="utf-8")


def lose_tokenizer(folder: Path) -> None:
    for name in ("tokenizer.json", "vocab.txt"):
        (folder / name).unlink(missing_ok=True)


def behead(folder: Path) -> None:
    transformers.BertModel.from_pretrained(folder).save_pretrained(folder)
    config = transformers.BertConfig.from_pretrained(folder, id2label=dict(enumerate(LABELS)))
    config.save_pretrained(folder)


def add_token(folder: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens(["条"])
    tokenizer.save_pretrained(folder)


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (truncate, "cannot be loaded"),
        (widen, "cannot be loaded"),
        (lambda folder: (folder / "config.json").write_text("{", encoding="utf-8"), "cannot be loaded"),
        (lose_tokenizer, "no tokenizer.json or vocab.txt"),
        (behead, "no weights of classifier"),
        (add_token, f"a tokenizer of {len(PIECES) + 1} tokens for a model of {len(PIECES)}"),
        (lambda folder: (folder / "model.safetensors").unlink(), "neither model.onnx nor config.json"),
        (shutil.rmtree, "no such folder"),
    ],
)
def test_a_damaged_folder_is_one_line(
    tmp_path: Path, damage: Callable[[Path], object], found: str, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = save(tmp_path / "model")
    damage(folder)
    capfd.readouterr()
    with pytest.raises(BadModel) as caught:
        load_tagger(folder)
    assert found in caught.value.found
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_without_torch_the_message_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(BadModel, match=r'torch is not here; pip install "nianbao\[train\]"'):
        load_tagger(folder)


def test_a_model_says_which_of_its_files_are_missing(folder: Path) -> None:
    with pytest.raises(BadModel, match=r"without combination\.json and problems\.npz.*copy them from a model"):
        Model.load(folder)


def save_onnx(folder: Path) -> None:
    """A model in ONNX whose scores of a character are a row of a table."""
    onnx = pytest.importorskip("onnx", reason="onnx is not installed (extra train)")
    labels, vocabulary = Labels.of(["permits"], []), Vocabulary.of("收到件3")
    labels.save(folder / LABELS_FILE)
    vocabulary.save(folder / VOCABULARY)
    table = np.zeros((len(vocabulary.tokens), len(labels.names)), dtype=np.float32)
    number, make = onnx.TensorProto.INT64, onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Gather", ["table", "input_ids"], ["logits"])],
        "scores",
        [make(name, number, ["batch", "length"]) for name in ("input_ids", "token_type_ids")],
        [make("logits", onnx.TensorProto.FLOAT, ["batch", "length", len(labels.names)])],
        [onnx.numpy_helper.from_array(table, "table")],
    )
    content = onnx.helper.make_model(graph, ir_version=8, opset_imports=[onnx.helper.make_opsetid("", 17)])
    onnx.save(content, folder / WEIGHTS)


def run(code: str) -> list[str]:
    """What an interpreter of its own prints."""
    command = [sys.executable, "-c", f"import sys\n{code}"]
    result = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=60, check=True)
    return result.stdout.decode().splitlines()


def test_a_model_in_onnx_loads_no_torch(tmp_path: Path) -> None:
    save_onnx(tmp_path)
    assert run(
        "from pathlib import Path\n"
        "from extraction.document import Sentence\nfrom extraction.model import load_tagger\n"
        f"tagger = load_tagger(Path({str(tmp_path)!r}))\n"
        "print(tagger.read([Sentence('3件', (0, 1), None, 0)], [True], form=None)[0].shape)\n"
        "print('onnxruntime' in sys.modules, 'torch' in sys.modules, 'transformers' in sys.modules)\n"
    ) == ["(2, 3)", "True False False"]


def test_the_command_keeps_spacy_from_loading_torch_and_can_load_it_itself() -> None:
    assert run(
        "from extraction.loading import import_spacy\n"
        "import_spacy()\n"
        "from extraction.pipeline import Extractor\n"
        "Extractor.load(None).extract_text('收到申请3件。')\n"
        "print('spacy' in sys.modules, 'torch' in sys.modules, 'transformers' in sys.modules)\n"
        "import torch\n"
        "print(torch.ones(1).item())\n"
    ) == ["True False False", "1.0"]
