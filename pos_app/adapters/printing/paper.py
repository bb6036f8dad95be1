"""The two widths of thermal paper and what fits on them, at 203 dots per inch (8 per mm)."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.application.slip.layout import Size

DOTS_PER_MM = 8


@dataclass(frozen=True, slots=True)
class Paper:
    """`mm` of paper, of which `dots` can be printed; font A is 12 dots wide, font B 9."""

    mm: int
    dots: int

    def columns(self, size: Size) -> int:
        """Return how many characters of the printer's own font fit on a line."""
        return self.dots // (9 if size is Size.FINE else 12)

    @property
    def margin_mm(self) -> float:
        """The strip at each side that the head does not reach."""
        return (self.mm - self.dots / DOTS_PER_MM) / 2


WIDE = Paper(80, 576)
NARROW = Paper(58, 384)


def paper(mm: int) -> Paper:
    """Return the paper for a setting of 58 or 80 mm; anything narrower than 80 is 58."""
    return WIDE if mm >= WIDE.mm else NARROW
