"""Image files and pages of a PDF to pictures: arrays of red, green and blue, 0 to 255, shape (height, width, 3)."""

import struct
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from extraction.errors import UnreadableFile

Picture: TypeAlias = npt.NDArray[np.uint8]

MAX_PIXELS = 80_000_000
"""Largest page that is decoded: A3 at 600 dpi has 70 million pixels."""
LONGEST = 2900
"""Pixels along the longer side of a page that is kept: A4 at 250 dpi."""
_COARSE = 1400
"""Pages with fewer pixels along the longer side are enlarged: A4 at 120 dpi."""
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff"}
_TWO_IN_ONE = "MPO"
"""What Pillow calls a JPEG with a preview behind it."""
# What Pillow's decoders raise on damaged files.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError, TypeError, struct.error)
_AGAIN = "scan or save it again"


def open_image(data: bytes, name: str) -> tuple[Any, str, int]:
    """An image that Pillow opened, its media type and its number of pages; nothing is decoded yet.

    :raises UnreadableFile: the image is damaged, of another kind, or over the limit of pixels.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(BytesIO(data), formats=list(_MEDIA_TYPES))
            count = int(getattr(image, "n_frames", 1))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_large(name) from error
        except _DAMAGE as error:
            raise UnreadableFile(name, "an image that is damaged or cut short", _AGAIN) from error
    if image.format == _TWO_IN_ONE:
        return image, _MEDIA_TYPES["JPEG"], 1
    return image, _MEDIA_TYPES[str(image.format)], count


def pictures(image: Any, count: int, name: str) -> Iterator[Picture]:
    """The pages of an opened image, turned as its camera says.

    :raises UnreadableFile: a page is damaged or over the limit of pixels.
    """
    from PIL import Image, ImageOps

    for number in range(count):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                image.seek(number)
                if image.width * image.height > MAX_PIXELS:
                    raise _too_large(name)
                page = ImageOps.exif_transpose(image)
                page.draft("RGB", (LONGEST, LONGEST))
                if page.mode in ("RGBA", "LA", "PA") or "transparency" in page.info:
                    page = page.convert("RGBA")
                    page = Image.alpha_composite(Image.new("RGBA", page.size, "white"), page)
                if page.mode.startswith(("I", "F")):
                    page = Image.fromarray(_stretched(np.asarray(page, dtype=np.float32)))
                yield _fitted(page.convert("RGB"))
            except UnreadableFile:
                raise
            except Image.DecompressionBombError as error:
                raise _too_large(name) from error
            except _DAMAGE as error:
                place = f"{name}, page {number + 1}" if count > 1 else name
                raise UnreadableFile(place, "an image that is damaged or cut short", _AGAIN) from error


def picture_of(page: Any) -> Picture:
    """A page of pypdfium2 as a picture.

    :raises pypdfium2.PdfiumError: the page is damaged.
    """
    scale = LONGEST / max(page.get_size())
    return np.ascontiguousarray(page.render(scale=scale, rev_byteorder=True, may_draw_forms=False).to_numpy()[:, :, :3])


def _stretched(values: npt.NDArray[np.float32]) -> Picture:
    """Greys of more than 8 bits as bytes, black to white."""
    low, high = float(values.min()), float(values.max())
    return ((values - low) * (255 / max(high - low, 1))).astype(np.uint8)


def _fitted(page: Any) -> Picture:
    from PIL import Image

    scale = LONGEST / max(page.size)
    if scale < 1:
        page = page.resize([max(1, round(side * scale)) for side in page.size], Image.Resampling.BOX)
    elif max(page.size) < _COARSE:
        page = page.resize([2 * side for side in page.size], Image.Resampling.BICUBIC)
    return np.asarray(page)


def _too_large(name: str) -> UnreadableFile:
    return UnreadableFile(name, f"an image of over {MAX_PIXELS // 10**6} million pixels", "scan it at 200 to 300 dpi")
