"""Raised marks of footnotes, which are no part of the word or number that they stand behind."""

_LONGEST = 4


def is_note_mark(before: str, raised: str) -> bool:
    """Whether raised characters refer to a note, by the text right before them: 12¹ and 规章[2], but not m²."""
    last = before[-1:]
    return 0 < len(raised.strip()) <= _LONGEST and last.strip() != "" and not (last.isascii() and last.isalpha())
