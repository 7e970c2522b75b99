"""Whether scans can be read: the extra ``ocr`` brings what that takes."""

from importlib.util import find_spec

REMEDY = "install the ocr extra (pip install 'nianbao[ocr]') or run OCR first"


def is_installed() -> bool:
    """Whether the libraries of the extra ``ocr`` are there; nothing is imported."""
    return all(find_spec(name) is not None for name in ("rapidocr", "cv2", "PIL"))
