"""`python -m tests.benchmarks.beside`: whole records, beside what one would put together from common libraries.

On the same files, by one thread each: BERT-base of transformers, as a pipeline for token classification, for the
labelling (random weights: what it says is not looked at), and pdfplumber's, pandas' or python-docx' tables alone, not
tied to any form, for the reading.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import docx
import pandas as pd
import pdfplumber
import torch
from lxml import html
from transformers import BertConfig, BertForTokenClassification, BertTokenizerFast, pipeline

from extraction.batch import Settings
from extraction.batch.job import do, extractor_for
from extraction.readers import read_bytes
from tests.benchmarks.batch import FORMATS, generate

_PIECE = 400
"""Characters of a piece of text that BERT reads at once."""


def main(arguments: list[str] | None = None) -> None:
    """Print a line a format."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.beside", description=__doc__)
    parser.add_argument("--reports", type=int, default=48)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    settings = Settings()
    extractor_for(settings)
    spent: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0])
    with TemporaryDirectory() as folder:
        items = generate(Path(folder), options.reports)
        label = labelling(items)
        do(items[0], settings)
        for item in items:
            path = Path(item.path)
            data, own = path.read_bytes(), spent[FORMATS[path.suffix]]
            started = perf_counter()
            do(item, settings)
            own[0] += perf_counter() - started
            text = read_bytes(data, name=path.name).text
            started = perf_counter()
            tables_alone(data, path.suffix)
            own[1] += perf_counter() - started
            started = perf_counter()
            label([text[at : at + _PIECE] for at in range(0, len(text), _PIECE)])
            own[2] += perf_counter() - started
            own[3] += 1
    print(f"{'milliseconds a report':22} {'records':>9} {'tables alone':>13} {'BERT-base':>10} {'ratio of all':>13}")
    for name, (ours, tables, bert, count) in spent.items():
        ratio = (tables + bert) / ours
        print(
            f"{name:22} {1e3 * ours / count:9.1f} {1e3 * tables / count:13.1f} {1e3 * bert / count:10.0f} {ratio:13.1f}"
        )


def tables_alone(data: bytes, suffix: str) -> Sequence[object]:
    """The tables of a file as a library gives them."""
    if suffix == ".pdf":
        with pdfplumber.open(BytesIO(data)) as document:
            return [table for page in document.pages for table in page.extract_tables()]
    if suffix == ".docx":
        return [[[c.text for c in row.cells] for row in table.rows] for table in docx.Document(BytesIO(data)).tables]
    if suffix == ".html":
        try:
            return list(pd.read_html(StringIO(html.tostring(html.fromstring(data), encoding="unicode")), flavor="lxml"))
        except ValueError:
            return []
    return data.decode("utf-8", "replace").splitlines()


def labelling(items: Sequence[Any]) -> Any:
    """A pipeline with BERT-base and a token a character."""
    characters = sorted({c for item in items for c in read_bytes(item.read(), name=item.path).text if c.strip()})
    with TemporaryDirectory() as folder:
        vocabulary = Path(folder) / "vocab.txt"
        vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]), encoding="utf-8")
        tokens = BertTokenizerFast(vocab_file=str(vocabulary))
    model = BertForTokenClassification(BertConfig(vocab_size=21128, num_labels=80)).eval()
    return pipeline("token-classification", model=model, tokenizer=tokens, batch_size=4, device="cpu")


if __name__ == "__main__":
    main()
