"""What may be imported before the first screen, and what never in a till's window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.bootstrap.training import create_training_shop
from tests.shops import HIGHVELD, METERS, make_shop

ROOT = Path(__file__).resolve().parent.parent.parent
LATER = {
    "argon2",
    "click",
    "cryptography",
    "Crypto",
    "escpos",
    "filelock",
    "platformdirs",
    "segno",
    "serial",
    "sqlcipher3",
    "sqlite_utils",
    "usb",
}
NEVER = {"numpy", "pandas", "PIL"}


OWN_BUDGET, BUDGET = 48, 230
"""Modules of ours, and of everybody, loaded when the first screen is painted."""
AT_FIRST_PAINT = """
import sys
from pathlib import Path
from pos_app.bootstrap.plain_imports import keep_imports_plain
keep_imports_plain()
from pos_app.bootstrap import window
def tell(_ahead):
    print(*sys.modules)
    sys.stdout.flush()
    till.app.quit()
window.Ahead.start = tell
place = Path(sys.argv[1])
till = window.Till(place, window.read_identity(place))
till.run()
"""
OWN_AT_SALE, AT_SALE = 300, 640
"""The same when the first sale is made; the codes of its slip, loaded beside it, not counted."""
AT_FIRST_SALE = """
import sys
from pathlib import Path
from pos_app.bootstrap.plain_imports import keep_imports_plain
keep_imports_plain()
from pos_app.application.identity import Operator, Role
from pos_app.bootstrap import window
from pos_app.ui.first_paint import FirstPaint
window.Ahead.go_on = lambda _ahead: None
place, drn = Path(sys.argv[1]), sys.argv[2]
till = window.Till(place, window.read_identity(place))
def sell():
    from pos_app.application.order import SaleOrder
    from pos_app.domain.money import Money
    from pos_app.domain.tender import Tender
    desk = till._shop.desk
    money = Money(5000, desk.currency_of(drn))
    desk.sell(SaleOrder("first", drn, money, None, (Tender("cash", money),), "ama"))
    print("SOLD", *sys.modules)
def leave(problem=None):
    if isinstance(problem, BaseException):
        print(repr(problem))
    sys.stdout.flush()
    till.app.quit()
def at_the_till():
    till.tasks.ledger(sell, leave, leave)
def at_sign_in():
    till.window._signed_in(Operator("ama", "Ama", Role.CASHIER))
    FirstPaint(till.window).seen.connect(at_the_till)
till.window.opened.connect(lambda: FirstPaint(till.window).seen.connect(at_sign_in))
till.run()
"""
OFF_THE_WAY = {
    "pos_app.adapters.documents",
    "pos_app.adapters.head_office",
    "pos_app.adapters.meters",
    "pos_app.application.accounts",
    "pos_app.application.bulk",
    "pos_app.application.key_changes",
    "pos_app.application.key_moves",
    "pos_app.application.meter_import",
    "pos_app.application.office",
    "pos_app.application.office_sync",
    "pos_app.application.other_slips",
    "pos_app.application.redress",
    "pos_app.application.reports",
    "pos_app.application.shifts",
    "pos_app.application.staff",
    "pos_app.application.tariffs",
    "pos_app.application.token_check",
    "pos_app.application.token_reading",
    "pos_app.bootstrap.meter_bench",
    "pos_app.bootstrap.office_line",
    "pos_app.cli",
    "pos_app.head_office",
    "pos_app.meter",
}
"""What nobody needs who opens a shop, signs in and sells."""
STRANGERS = {
    "escpos",
    "http",
    "openpyxl",
    "pypdf",
    "segno",
    "serial",
    "ssl",
    "xlsxwriter",
}


def run(code: str, *arguments: str) -> set[str]:
    """Return the words that a fresh interpreter says."""
    answer = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(answer.stdout.split())


def roots(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def imported_by(statement: str) -> set[str]:
    return roots(run(f"import sys\n{statement}\nprint(*sys.modules)"))


def test_the_first_screen_waits_for_no_cipher_database_or_printer() -> None:
    assert imported_by("import pos_app.bootstrap.window") & (LATER | NEVER) == set()


def test_the_first_screen_is_painted_within_its_budget_of_modules(tmp_path: Path) -> None:
    loaded = run(AT_FIRST_PAINT, str(make_shop(tmp_path)))
    assert "PySide6.QtWidgets" in loaded
    assert roots(loaded) & (LATER | NEVER | {"asyncio", "ssl", "http", "sqlite3"}) == set()
    own = {name for name in loaded if name.startswith("pos_app")}
    assert len(own) <= OWN_BUDGET, sorted(own)
    assert len(loaded) <= BUDGET, sorted(loaded)


def test_the_first_sale_is_made_within_its_budget_of_modules(tmp_path: Path) -> None:
    create_training_shop(tmp_path / "shop", METERS)
    loaded = run(AT_FIRST_SALE, str(tmp_path / "shop"), HIGHVELD)
    assert "SOLD" in loaded, loaded
    assert loaded & OFF_THE_WAY == set()
    assert roots(loaded) & (NEVER | STRANGERS) == set()
    own = {name for name in loaded if name.startswith("pos_app")}
    assert len(own) <= OWN_AT_SALE, len(own)
    assert len(loaded) <= AT_SALE, len(loaded)


@pytest.mark.parametrize("module", ["pos_app.bootstrap.shop", "pos_app.bootstrap.paper"])
def test_an_open_shop_brings_no_number_cruncher(module: str) -> None:
    assert imported_by(f"import {module}") & NEVER == set()


def test_opening_brings_no_web_client_and_no_command_tree() -> None:
    code = "import sys\nfrom pos_app.bootstrap.ahead import OPENING\n"
    loaded = run(code + "for name in OPENING: __import__(name)\nprint(*sys.modules)")
    assert roots(loaded) & {"ssl", "http", "email", "segno", "xlsxwriter"} == set()
    assert not {name for name in loaded if name.startswith("pos_app.cli")}


def test_qt_leaves_imports_as_python_does_them() -> None:
    code = (
        "import builtins\n"
        "from pos_app.bootstrap.plain_imports import keep_imports_plain\n"
        "keep_imports_plain()\n"
        "import pos_app.bootstrap.window, pos_app.ui.views.shell\n"
        "print(builtins.__import__ is builtins.__feature_import__)"
    )
    assert run(code) == {"False"}


def test_what_is_loaded_ahead_is_there_and_can_be_waited_for() -> None:
    code = """
import sys
from pos_app.bootstrap.ahead import OPENING, SELLING, Ahead
ahead = Ahead()
ahead.wait()
ahead.start()
ahead.wait()
print("opening", set(OPENING) <= set(sys.modules), SELLING[1] in sys.modules)
ahead.go_on()
ahead._thread.join()
print("selling", set(SELLING) <= set(sys.modules))
ahead.close()
"""
    assert run(code) == {"opening", "True", "False", "selling"}


def test_a_program_that_ends_before_its_shop_is_open_waits_for_no_import() -> None:
    code = """
from pos_app.bootstrap.ahead import Ahead
ahead = Ahead()
ahead.start()
ahead.close()
print(ahead._thread.is_alive())
"""
    assert run(code) == {"False"}
