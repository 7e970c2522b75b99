"""Fine-tunes an encoder on labelled passages: the whole of it, in the order in which it happens."""

import json
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from seqeval.metrics import f1_score
from transformers import (
    BertForTokenClassification,
    EarlyStoppingCallback,
    PrinterCallback,
    TrainerCallback,
    TrainingArguments,
    get_linear_schedule_with_warmup,
    set_seed,
)

from extraction.encoding import SINGLE, Numbers, Vocabulary
from extraction.tagger import Labels
from training.encode import IGNORED, OLD, Example, examples, header_examples, multiplied
from training.gold import Passage
from training.memory import Memory, RememberingTrainer
from training.recipe import Finetuning

_LATER = 1e-6


def finetune(
    model: BertForTokenClassification,
    vocabulary: Vocabulary,
    labels: Labels,
    *,
    train: Sequence[Passage],
    development: Sequence[Passage],
    settings: Finetuning,
    output: Path,
    memory: Memory | None = None,
    callbacks: Sequence[TrainerCallback] = (),
) -> list[dict[str, Any]]:
    """Train ``model`` in place; gives the losses and development scores of the run.

    :param memory: what a trained model is to keep of what it knew.
    :param output: folder of the checkpoints; a run that was stopped goes on from the last one in it.
    """
    set_seed(settings.seed)
    for part in model.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = settings.dropout
    learnt = multiplied(train, copies=settings.copies, joined=settings.joined, seed=settings.seed)
    rows = [
        {**row, OLD: False} for row in examples(learnt, vocabulary, labels, plain=settings.plain, seed=settings.seed)
    ]
    headers = [*header_examples(settings.rows, train, vocabulary, labels, seed=settings.seed)]
    if memory:
        old = multiplied(memory.passages, copies=0, joined=settings.joined, seed=settings.seed)
        headers += examples(old, vocabulary, labels)
    rows += [{**row, OLD: memory is not None} for row in headers]
    data = Dataset.from_list(rows).map(lambda row: {"length": len(row["input_ids"])})
    # Judged where it is learnt: what a model labels elsewhere is never asked for.
    held = Dataset.from_list([*examples(development, vocabulary, labels, plain=0.0)])
    steps = -(-len(data) // settings.batch) * settings.epochs
    arguments = TrainingArguments(
        output_dir=str(output), num_train_epochs=settings.epochs, per_device_train_batch_size=settings.batch,
        per_device_eval_batch_size=64, train_sampling_strategy="group_by_length", length_column_name="length",
        bf16=True, use_cpu=not torch.cuda.is_available(), eval_strategy="epoch", save_strategy="epoch",
        save_total_limit=1, load_best_model_at_end=True, metric_for_best_model="f1", logging_steps=50, report_to=[],
        label_smoothing_factor=settings.smoothing, seed=settings.seed, disable_tqdm=True,
        remove_unused_columns=False,
    )  # fmt: skip
    optimizer, evaluations = _optimizer(model, settings), count()
    trainer = RememberingTrainer(
        memory=memory, model=model, args=arguments, train_dataset=data, eval_dataset=held, data_collator=collate,
        # Of epochs that score alike the last is taken, which is surer of what it learnt.
        compute_metrics=lambda scores: {"f1": _f1(scores, labels) + _LATER * next(evaluations)},
        preprocess_logits_for_metrics=lambda logits, _: logits.argmax(dim=-1),
        callbacks=[EarlyStoppingCallback(settings.patience), *callbacks],
        optimizers=(optimizer, get_linear_schedule_with_warmup(optimizer, int(settings.warmup * steps), steps)),
    )  # fmt: skip
    trainer.remove_callback(PrinterCallback)
    trainer.train(resume_from_checkpoint=any(output.glob("checkpoint-*")))
    # The trainer leaves the model computing in bf16, and ONNX Runtime knows no such product of matrices.
    trainer.accelerator.unwrap_model(model, keep_fp32_wrapper=False)
    model.cpu()
    history = [entry for entry in trainer.state.log_history if "loss" in entry or "eval_f1" in entry]
    return [{key: round(value, 5) for key, value in entry.items() if key != "grad_norm"} for entry in history]


def collate(rows: Sequence[Example]) -> dict[str, torch.Tensor]:
    """Rows of unlike length as tensors of shape (rows, longest)."""
    fill = {"input_ids": 0, "token_type_ids": SINGLE, "labels": IGNORED}
    arrays = {name: padded([np.array(row[name]) for row in rows], value) for name, value in fill.items()}
    arrays["attention_mask"] = (arrays["input_ids"] != 0).astype(np.int64)
    arrays[OLD] = np.array([row.get(OLD, False) for row in rows])
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def padded(rows: Sequence[Numbers], value: int) -> Numbers:
    """Rows of unlike length as one array of shape (rows, longest), filled up with ``value``."""
    result = np.full((len(rows), max(map(len, rows), default=0)), value, dtype=np.int64)
    for i, row in enumerate(rows):
        result[i, : len(row)] = row
    return result


def _optimizer(model: BertForTokenClassification, settings: Finetuning) -> torch.optim.Optimizer:
    """AdamW, with a rate of its own for the new layer and no decay of biases and norms."""
    groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        groups.setdefault((name.startswith("classifier"), parameter.ndim > 1), []).append(parameter)
    return torch.optim.AdamW(
        {
            "params": parameters,
            "lr": settings.head_rate if new else settings.rate,
            "weight_decay": settings.weight_decay if decays else 0.0,
        }
        for (new, decays), parameters in groups.items()
    )


def _f1(scores: Any, labels: Labels) -> float:
    names = [name if name[:2] in ("B-", "I-") else "O" for name in labels.names]
    gold, found = [], []
    for predicted, wanted in zip(scores.predictions, scores.label_ids, strict=True):
        kept = wanted != IGNORED
        gold.append([names[i] for i in wanted[kept]])
        found.append([names[i] for i in predicted[kept]])
    return float(f1_score(gold, found))


def save_history(path: Path, history: Sequence[dict[str, Any]]) -> None:
    """Write losses and scores as JSON."""
    path.write_text(json.dumps(history, indent=1) + "\n", encoding="utf-8")
