"""The values every screen is made of: two palettes, one scale, three sizes.

Units: pixels at scale 1.0 (a 1024 x 600 panel). Contrast of text on its ground is at least 12:1
(WCAG 2.2 formula; a test computes it). This is the only place with colour literals.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by meaning. `accent` is the one thing to do next; signs say the rest."""

    name: str
    ground: str  # behind the hand's side
    desk: str  # behind the slip
    surface: str  # fields, cards
    raised: str  # buttons
    pressed: str
    ink: str
    quiet: str  # captions and second lines; still text
    faint: str  # what cannot be used now, and placeholders
    line: str  # hairlines
    edge: str  # outlines of things that can be used
    accent: str
    on_accent: str
    wash: str  # a selected row
    done: str
    done_wash: str
    look: str
    look_wash: str
    stop: str
    stop_wash: str
    training: str
    on_training: str
    engineering: str
    paper: str
    paper_ink: str
    paper_edge: str


LIGHT = Palette(
    name="light",
    ground="#fbfbf9",
    desk="#eceeea",
    surface="#ffffff",
    raised="#ffffff",
    pressed="#e9eeec",
    ink="#12181a",
    quiet="#222b2e",
    faint="#5b6568",
    line="#dcdfdb",
    edge="#7e8884",
    accent="#0a5552",
    on_accent="#ffffff",
    wash="#dcefec",
    done="#17693c",
    done_wash="#e3f3e8",
    look="#9a5b00",
    look_wash="#fdf0d5",
    stop="#a8241c",
    stop_wash="#fdeae7",
    training="#53279a",
    on_training="#ffffff",
    engineering="#b84a00",
    paper="#fffefb",
    paper_ink="#12181a",
    paper_edge="#cfd2cc",
)

DARK = Palette(
    name="dark",
    ground="#12181a",
    desk="#0b0f11",
    surface="#1a2225",
    raised="#202a2d",
    pressed="#273134",
    ink="#fafcfb",
    quiet="#ebf0ee",
    faint="#939e9c",
    line="#2a3437",
    edge="#6d7b81",
    accent="#56cabd",
    on_accent="#04211e",
    wash="#12312f",
    done="#6fd49a",
    done_wash="#14301f",
    look="#f2b84b",
    look_wash="#382a10",
    stop="#ff8a7d",
    stop_wash="#43181a",
    training="#6a3fc0",
    on_training="#ffffff",
    engineering="#ff9d52",
    paper="#e9e7e0",
    paper_ink="#12181a",
    paper_edge="#0b0f11",
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """One palette at one scale."""

    palette: Palette
    scale: float = 1.0

    def px(self, pixels: float) -> int:
        """Return `pixels` of the 1.0 screen on this screen, at least 1."""
        return max(1, round(pixels * self.scale))

    @property
    def huge(self) -> int:
        """The token and the change."""
        return self.px(56)

    @property
    def big(self) -> int:
        """Names and amounts."""
        return self.px(28)

    @property
    def body(self) -> int:
        """Everything else."""
        return self.px(15)

    @property
    def caption(self) -> int:
        """Captions only."""
        return self.px(13)

    @property
    def desk(self) -> int:
        """The side with the paper: a third of a small panel, a little less of a large one."""
        return self.px(348 if self.scale <= 1 else 448)

    @property
    def gutter(self) -> int:
        """Between the parts of a screen."""
        return self.px(24)

    @property
    def gap(self) -> int:
        """One step of the grid."""
        return self.px(8)

    @property
    def target(self) -> int:
        """The smallest thing a finger has to hit."""
        return self.px(48)

    @property
    def key(self) -> int:
        """Note keys, fields, what is hit most."""
        return self.px(56)


SMALLEST = (1024, 600)
"""The panel at scale 1."""
LARGE_SCREEN = (1600, 900)
LARGE_SCALE = 1.25
LEAST_SCALE = 0.75


def scale_for(width: int, height: int) -> float:
    """Return the scale of a screen of `width` x `height` device-independent pixels.

    A system that draws everything twice as large leaves few of them (1920 x 1080 at 200 % are
    960 x 540): there the screens are drawn as large as fits, so that nothing is cut off.
    """
    if width >= LARGE_SCREEN[0] and height >= LARGE_SCREEN[1]:
        return LARGE_SCALE
    fitting = min(width / SMALLEST[0], height / SMALLEST[1], 1.0)
    return max(fitting, LEAST_SCALE)
