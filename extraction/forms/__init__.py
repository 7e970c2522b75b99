"""Table rows and a form to cells: which form, which row, which column, and what the sums say of the rest."""

from extraction.forms.alignment import Aligner, Alignment

__all__ = ["Aligner", "Alignment"]
