"""A window on a fake shop, for tests and for pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

from pos_app.adapters.printing.qt_slip import SlipPainter
from pos_app.application.printing import PrinterSettings
from pos_app.application.records import MeterCard, QuoteAnswer, ShopIdentity, ShopMode
from pos_app.application.sale import Sale
from pos_app.application.settings import Theme
from pos_app.application.slip.close_slip import CloseSlipWriter
from pos_app.application.slip.compose import SlipHead, SlipWriter
from pos_app.application.slip.desk_slip import DeskSlipWriter
from pos_app.application.slip.layout import Slip
from pos_app.application.slip.redress_slip import RedressSlipWriter
from pos_app.application.words import Words, load_words
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.tender import Tender
from pos_app.ui.counter import Counter, Front
from pos_app.ui.presenters.desk import Slips
from pos_app.ui.views.window import Window
from tests.ui.fake_bench import FakeBench
from tests.ui.fake_bulk import FakeBulkFiles
from tests.ui.fake_choices import FakeChoices
from tests.ui.fake_desk import OPERATORS, FakeDesk, make_desk
from tests.ui.fake_office import FakeOffice
from tests.ui.fake_reports import FakeReports, report_side
from tests.ui.trouble import PassphraseWrong
from tests.ui.watched_tasks import WatchedTasks

IDENTITY = ShopIdentity("3", "Mbare Shop 3", ShopMode.TRAINING, 120)
PASSPHRASE = "correct horse battery staple"
PATIENCE_MS = 30_000  # of a busy computer; what is seen at once is waited for no longer
HEAD = SlipHead("City of Jacaranda", "220 Madiba Street", "4790192317", "080 111 1556")


def words_of(language: str) -> Words:
    return load_words(language)


@dataclass
class Hands:
    """A clock the test moves, and identities it can count."""

    seconds: float = 1000.0
    ids: count[int] = field(default_factory=count)

    def now(self) -> float:
        return self.seconds

    def new_id(self) -> str:
        return f"sale-{next(self.ids)}"


def slips_of(language: str) -> Slips:
    writer = SlipWriter(words_of(language), IDENTITY)

    def draft(
        card: MeterCard,
        answer: QuoteAnswer | None,
        tenders: tuple[Tender, ...],
        kept: Money | None,
    ) -> Slip:
        return writer.of_quote(card, answer, tenders, kept, HEAD)

    def of(sale: Sale, copy: int) -> Slip:
        return writer.of_sale(sale, HEAD, copy, "T1;3-A000143")

    return Slips(draft, of)


@dataclass
class Stage:
    """The shop, its window and the threads between them."""

    desk: FakeDesk
    choices: FakeChoices
    tasks: WatchedTasks
    window: Window
    hands: Hands
    bench: FakeBench
    reports: FakeReports
    office: FakeOffice

    def close(self) -> None:
        self.window.close()
        self.tasks.close()
        self.reports.close()


def stage(
    *,
    language: str = "en",
    theme: str = "light",
    scale: float = 1.0,
    desk: FakeDesk | None = None,
    seconds: Callable[[], float] | None = None,
    passphrase: str = PASSPHRASE,
    printer: bool = True,
    shut: PosError | None = None,
) -> Stage:
    """`shut` is why the shop does not open the first time."""
    shop, choices, hands = desk or make_desk(), FakeChoices(), Hands()
    bench, office = FakeBench(), FakeOffice(shop)
    choices.kept = replace(choices.kept, language=language, theme=Theme(theme))
    tasks, reports = WatchedTasks(), FakeReports(OPERATORS, IDENTITY)
    counter = Counter(
        desk=shop,
        identity=IDENTITY,
        slips=slips_of(language),
        painter=SlipPainter,
        seconds=seconds or hands.now,
        new_id=hands.new_id,
        shift_slip=CloseSlipWriter(words_of(language), IDENTITY).of_shift,
        batch_slip=CloseSlipWriter(words_of(language), IDENTITY).of_batch,
        redress_slip=RedressSlipWriter(words_of(language), IDENTITY).of,
        desk_slip=DeskSlipWriter(words_of(language), IDENTITY).of,
        pulse=lambda: shop.calls.append("pulse"),
        bulk_files=FakeBulkFiles,
        reports=lambda: report_side(reports, tasks.ask_ledger),
        meters=lambda: bench,
        office=lambda: office,
        keys=lambda: shop.keys.side(words_of(language), IDENTITY),
    )
    if not printer:
        choices.kept = replace(choices.kept, printer=PrinterSettings())

    reasons = [] if shut is None else [shut]

    def open_shop(passphrase: str) -> Counter:
        if reasons:
            raise reasons.pop()
        if passphrase != PASSPHRASE:
            raise PassphraseWrong
        return counter

    front = Front(
        choices=choices,
        languages=("en", "ja"),
        words=words_of,
        now_ms=lambda: shop.now_ms,
        open=open_shop,
        passphrase=passphrase,
    )
    return Stage(shop, choices, tasks, Window(front, tasks, scale), hands, bench, reports, office)
