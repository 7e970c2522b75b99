"""Markup of which every part that is not markup itself is escaped."""

from collections.abc import Iterable
from html import escape


class Html(str):
    """Markup; any other string is text."""

    __slots__ = ()


def tag(name: str, *inside: str, **attributes: str | int | None) -> Html:
    """An element; ``class_`` and ``data_x`` are its attributes class and data-x, and one that is None is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>{joined(inside)}</{name}>")


def void(name: str, **attributes: str) -> Html:
    """An element that holds nothing."""
    return Html(tag(name, **attributes).removesuffix(f"</{name}>"))


def joined(parts: Iterable[str]) -> Html:
    """Parts one after the other, text among them escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))


NOTHING = Html()
