"""Whole reports made from known figures, in every layout and with the faults of print."""

from tests.rendering.layouts import LAYOUTS, Rendered, render
from tests.rendering.style import Printed, Style, draw_style
from tests.rendering.truth import Truth, draw_truth

__all__ = ["LAYOUTS", "Printed", "Rendered", "Style", "Truth", "draw_style", "draw_truth", "render"]
