"""A model that is trained further is held to what it said of the passages that it rehearses."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")
pytest.importorskip("datasets", reason="training needs the extra `train`")

from transformers import BertForTokenClassification, TrainingArguments  # noqa: E402

from extraction.encoding import Vocabulary  # noqa: E402
from extraction.tagger import Labels  # noqa: E402
from training.encode import OLD, examples  # noqa: E402
from training.encoder import configuration  # noqa: E402
from training.finetune import collate  # noqa: E402
from training.gold import Passage, parse, read_passages, write_passages  # noqa: E402
from training.memory import REHEARSED, Memory, RememberingTrainer, keep  # noqa: E402

KNOWN = Labels.of(("disclosed_total", "training_sessions"), ())
LABELS = Labels.of(("disclosed_total", "followers", "training_sessions"), ())
TEXTS = ("主动公开[[12条|disclosed_total]]。", "举办培训[[3期|training_sessions]]，粉丝[[88人|followers]]。")
PASSAGES = [Passage(f"a-{i}", 2022, "2021", *parse(text)) for i, text in enumerate(TEXTS)]
VOCABULARY = Vocabulary.of({char for passage in PASSAGES for char in passage.text})


def model(labels: Labels, seed: int) -> BertForTokenClassification:
    torch.manual_seed(seed)
    settings = configuration(VOCABULARY, layers=1, hidden=24, heads=2)
    settings.num_labels = len(labels.names)
    return BertForTokenClassification(settings).eval()


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    write_passages(PASSAGES, tmp_path / REHEARSED)
    return Memory.of(tmp_path, model(KNOWN, 1), KNOWN, LABELS, count=10, seed=1)


def loss(student: BertForTokenClassification, memory: Memory | None, old: list[bool], folder: Path) -> float:
    rows = [{**row, OLD: o} for row, o in zip(examples(PASSAGES, VOCABULARY, LABELS), old, strict=True)]
    arguments = TrainingArguments(output_dir=str(folder), use_cpu=True, report_to=[])
    trainer = RememberingTrainer(memory=memory, model=student, args=arguments, data_collator=collate)
    with torch.no_grad():
        return float(trainer.compute_loss(student, collate(rows)))


def test_places_of_known_labels_are_paired(memory: Memory) -> None:
    old = [KNOWN.names[place] for place in memory.old_places]
    assert old == [LABELS.names[place] for place in memory.new_places]
    assert sorted(old) == sorted(KNOWN.names)
    assert sorted(passage.id for passage in memory.passages) == ["a-0", "a-1"]


def test_what_is_rehearsed_is_judged_by_the_start_and_the_rest_by_its_marks(memory: Memory, tmp_path: Path) -> None:
    student = model(LABELS, 2)
    batch = collate(list(examples(PASSAGES, VOCABULARY, LABELS)))
    labels, _ = batch.pop("labels"), batch.pop(OLD)
    with torch.no_grad():
        now = student(**batch).logits.log_softmax(dim=-1)
        before = memory.teacher(**batch).logits.softmax(dim=-1)
    kept = labels != -100
    marked = -now.gather(-1, labels.clamp(min=0)[..., None])[..., 0]
    moved = -(before[..., memory.old_places] * now[..., memory.new_places]).sum(dim=-1)
    wanted = torch.where(torch.tensor([[False], [True]]), moved, marked)[kept].mean()
    assert loss(student, memory, [False, True], tmp_path) == pytest.approx(float(wanted), rel=1e-5)
    assert loss(student, memory, [False, False], tmp_path) == pytest.approx(float(marked[kept].mean()), rel=1e-5)


def test_no_answer_costs_less_than_the_one_of_the_start(memory: Memory, tmp_path: Path) -> None:
    same = model(LABELS, 2)
    same.bert.load_state_dict(memory.teacher.bert.state_dict())
    with torch.no_grad():
        same.classifier.bias.fill_(-30.0)
        same.classifier.weight[memory.new_places] = memory.teacher.classifier.weight[memory.old_places]
        same.classifier.bias[memory.new_places] = memory.teacher.classifier.bias[memory.old_places]
    least = loss(same, memory, [True, True], tmp_path)
    assert all(loss(model(LABELS, seed), memory, [True, True], tmp_path) > least for seed in range(3, 8))


def test_a_model_keeps_what_it_learnt_and_a_part_of_what_its_start_rehearses(tmp_path: Path) -> None:
    start, folder = tmp_path / "start", tmp_path / "model"
    start.mkdir()
    folder.mkdir()
    text, marks = parse(TEXTS[0])
    write_passages((Passage(f"old-{i}", 2020, "2019", text, marks) for i in range(590)), start / REHEARSED)
    learnt = [Passage(f"new-{i}", 2020, "2019", text, marks) for i in range(60)]
    keep(learnt, start, folder, seed=1)
    kept = list(read_passages(folder / REHEARSED))
    assert len(kept) == 600
    assert 0 < sum(passage.id.startswith("new") for passage in kept) <= 60
    assert kept[0].marks == marks
    keep(learnt, tmp_path / "encoder", folder, seed=1)
    assert sorted(p.id for p in read_passages(folder / REHEARSED)) == sorted(p.id for p in learnt)
