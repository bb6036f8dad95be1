"""Everything the window is given, by whoever composes the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pos_app.application.engineering_records import DeskRecord
    from pos_app.application.identity import ShopIdentity
    from pos_app.application.redress_records import Redress
    from pos_app.application.shift_records import BatchReport, ShiftReport
    from pos_app.application.slip.layout import Slip
    from pos_app.application.words import Words
    from pos_app.ui.presenters.bulk import BulkFiles
    from pos_app.ui.presenters.desk import Choices, Desk, Slips
    from pos_app.ui.presenters.keys_screen import KeySide
    from pos_app.ui.presenters.meters import MeterBench
    from pos_app.ui.presenters.office import OfficeDoor
    from pos_app.ui.presenters.report_desk import ReportDoor, SaveReport
    from pos_app.ui.theme.tokens import Palette
    from pos_app.ui.widgets.plot_view import PlotPainter
    from pos_app.ui.widgets.slip_view import SlipPainter


@dataclass(frozen=True, slots=True)
class ReportSide:
    """Reports behind the window: the door, files, and whoever paints a plot on paper.

    `plots` takes the colours, the scale and whether the language is written leftwards.
    """

    door: ReportDoor
    save: SaveReport
    plots: Callable[[Palette, float, bool], PlotPainter]


@dataclass(frozen=True, slots=True)
class Counter:
    """An open shop behind the window.

    `painter` draws slips for a paper of so many millimetres, `seconds` is a clock that nobody
    can set, `new_id` makes the identity of a sale. `shift_slip` is the paper of an X or Z and the
    number of its copy, `batch_slip` that of a batch, `redress_slip` that of a refund, `desk_slip`
    that of the engineering desk; they run on the ledger's thread. `pulse` opens the drawer,
    `bulk_files` reads lists of purchases and keeps their results. `pins` are shown beside the
    names: only a training shop, whose PINs are published, has any, and only it has `meters`,
    virtual ones. `office` is the door to head office, `keys` the files and papers of key
    ceremonies. What is called without anything is asked when its page is opened.
    """

    desk: Desk
    identity: ShopIdentity
    slips: Slips
    painter: Callable[[int], SlipPainter]
    seconds: Callable[[], float]
    new_id: Callable[[], str]
    shift_slip: Callable[[ShiftReport, int], Slip]
    batch_slip: Callable[[BatchReport], Slip]
    redress_slip: Callable[[Redress, int], Slip]
    desk_slip: Callable[[DeskRecord, int], Slip]
    pulse: Callable[[], None]
    bulk_files: Callable[[], BulkFiles]
    reports: Callable[[], ReportSide]
    pins: Mapping[str, str] = field(default_factory=dict)
    meters: Callable[[], MeterBench] | None = None
    office: Callable[[], OfficeDoor] | None = None
    keys: Callable[[], KeySide] | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """The shop's front, before it is open.

    `open` takes the passphrase and runs on the ledger's thread; it raises `PosError`. With a
    `passphrase` given the shop is opened at once. `words` returns every word of a language,
    `now_ms` is the shop's time in milliseconds since 1970 UTC.
    """

    choices: Choices
    languages: tuple[str, ...]
    words: Callable[[str], Words]
    now_ms: Callable[[], int]
    open: Callable[[str], Counter]
    passphrase: str = field(default="", repr=False)
