"""Bytes to text in the encodings of Chinese web pages and documents."""

import codecs
from functools import cache

from extraction.errors import UnsupportedFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("gb18030", "utf-8", "utf-16-le", "utf-16-be", "big5hkscs")
_SAMPLE = 40_000
_READABLE = 0.7
"""Least share of common characters: Chinese prose has 0.97 and more, noise read as GB18030 0.3."""


def decode(data: bytes, *, name: str) -> tuple[str, str]:
    """The text and its encoding. What a page declares is not asked: it is wrong too often, the bytes are not.

    :raises UnsupportedFile: the bytes are text in none of the encodings.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace"), encoding
    # ASCII in UTF-16 is also valid UTF-8, but for its zero bytes.
    if b"\0" not in data:
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    sample = data[:_SAMPLE]
    scores = {each: _share_of_common(sample.decode(each, errors="replace")) for each in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda each: scores[each])
    if scores[best] < _READABLE:
        remedy = "pass the report as .pdf, .docx, .html or .txt"
        raise UnsupportedFile(name, "neither text nor a known kind of file (binary data)", remedy)
    return data.decode(best, errors="replace"), best


def _share_of_common(text: str) -> float:
    common = _common()
    return sum(character in common for character in text) / max(len(text), 1)


@cache
def _common() -> frozenset[str]:
    """The everyday characters, by the first levels of GB 2312 and Big5, with ASCII and punctuation."""
    rows = [bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    frequent = "".join(row.decode("gb2312", errors="ignore") for row in rows)
    rows = [bytes((high, low)) for high in range(0xA4, 0xC7) for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF))]
    frequent += "".join(row.decode("big5", errors="ignore") for row in rows)
    ranges = ((0x20, 0x7F), (0x2010, 0x2030), (0x2460, 0x2480), (0x3000, 0x3020), (0xFF01, 0xFF5F), (0xE000, 0xE100))
    others = "".join(chr(code) for first, last in ranges for code in range(first, last))
    return frozenset(frequent + others + "\t\r\n\f\xa0\xb7\u2014\u00d7")
