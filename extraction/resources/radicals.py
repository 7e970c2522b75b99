"""Radicals that fonts in PDF files give for whole characters."""

import unicodedata
from functools import cache

from extraction.resources.files import load


@cache
def radicals() -> dict[int, str]:
    """A table for :meth:`str.translate` from radicals and compatibility forms to the characters they look like."""
    folded = (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFA6E))
    table = {code: unicodedata.normalize("NFKC", chr(code)) for code in folded}
    return table | {ord(radical): character for radical, character in load("radicals.yaml", dict[str, str]).items()}
