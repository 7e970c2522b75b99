"""Rendered reports as scans: their pages as pictures, with the faults of scanners and of what is put on paper."""

from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from tests.rendering.binary_layouts import pdf_ruled
from tests.rendering.layouts import Rendered
from tests.rendering.page import compose
from tests.rendering.style import Style
from tests.rendering.truth import Truth
from tests.rendering.words import WORDS

Picture = npt.NDArray[np.uint8]
FONTS = ("STSong-Light", "Times-Roman", "Helvetica", "Courier")
"""Fonts of the numbers in the tables."""
_DPI = 200
_LOW_DPI = 150
_FONT = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"


@dataclass(frozen=True)
class Faults:
    """What is wrong with a scan; the plain one is a page as printed, at 200 dpi."""

    skew: bool = False
    noise: bool = False
    blur: bool = False
    jpeg: bool = False
    low: bool = False
    stamp: bool = False


KINDS = {
    "as printed": Faults(),
    "skew to 1.5 degrees": Faults(skew=True),
    "noise": Faults(noise=True),
    "blur": Faults(blur=True),
    "JPEG": Faults(jpeg=True),
    "150 dpi": Faults(low=True),
    "red stamp": Faults(stamp=True),
    "all of these": Faults(skew=True, noise=True, blur=True, jpeg=True, low=True, stamp=True),
}


def scan(truth: Truth, style: Style, faults: Faults, *, digits: str = FONTS[0]) -> Rendered:
    """A report as a TIFF of several pages."""
    page, printed = compose(truth, style, loses=False)
    with pdfium.PdfDocument(pdf_ruled(page, style, digits=digits)) as document:
        scale = (_LOW_DPI if faults.low else _DPI) / 72
        pages = [np.asarray(each.render(scale=scale).to_pil().convert("RGB")) for each in document]
    random = np.random.default_rng(style.seed)
    images = [Image.fromarray(_with_faults(each, faults, random)) for each in pages]
    stream = BytesIO()
    images[0].save(stream, "TIFF", save_all=True, append_images=images[1:], compression="tiff_deflate")
    return Rendered(stream.getvalue(), f"scan-{style.seed}.tif", truth, printed, "scan", style)


def _with_faults(picture: Picture, faults: Faults, random: np.random.Generator) -> Picture:
    if faults.stamp:
        picture = _stamped(picture, random)
    if faults.skew:
        height, width = picture.shape[:2]
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-1.5, 1.5), 1)
        picture = cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    if faults.blur:
        picture = cv2.GaussianBlur(picture, (0, 0), random.uniform(0.6, 1.2) * picture.shape[0] / 2339)
    if faults.noise:
        # Grey paper, uneven light, grain, and specks of dust.
        height, width = picture.shape[:2]
        light = np.linspace(random.uniform(0.75, 1), random.uniform(0.75, 1), width)[None, :, None]
        values = picture * light + random.normal(0, 14, (height, width, 1))
        specks = random.random((height, width, 1)) < 0.0004
        picture = np.clip(np.where(specks, 60, values), 0, 255).astype(np.uint8)
    if faults.jpeg:
        quality = int(random.integers(30, 60))
        _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
        picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.asarray(picture, np.uint8)


def _stamped(picture: Picture, random: np.random.Generator) -> Picture:
    """The page with a round red stamp, 42 mm across, somewhere on its lower right part, ink on ink."""
    height, width = picture.shape[:2]
    size = round(height * 42 / 297)
    stamp = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(stamp)
    draw.ellipse((4, 4, size - 5, size - 5), outline=(214, 38, 45), width=max(3, size // 40))
    font = ImageFont.truetype(_FONT, size // 8)
    words = WORDS["places"][0] + WORDS["agencies"][0]
    draw.text((size / 2, size * 0.72), words[:6], font=font, fill=(214, 38, 45), anchor="mm")
    star = [
        (size / 2 + radius * np.sin(np.pi * corner / 5), size / 2.2 - radius * np.cos(np.pi * corner / 5))
        for corner, radius in enumerate([size / 6, size / 15] * 5)
    ]
    draw.polygon(star, fill=(214, 38, 45))
    red = np.asarray(stamp.rotate(float(random.uniform(-20, 20)), fillcolor="white"), np.float64)
    left = int(random.integers(width * 4 // 10, width - size))
    top = int(random.integers(height // 10, height * 8 // 10))
    mixed = picture.astype(np.float64)
    mixed[top : top + size, left : left + size] *= red / 255
    return mixed.astype(np.uint8)
