"""Our source keeps the rules, and each rule sees what it is there to see."""

import ast
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import source_rules
from tests.architecture.source_rules import Rule

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_FILE = 400


@dataclass(frozen=True)
class Where:
    """A rule, the folders and files it holds in, and the folders among them where it does not."""

    rule: Rule
    inside: tuple[str, ...]
    but_not_in: tuple[str, ...] = ()

    def files(self) -> list[Path]:
        roots = [ROOT / name for name in self.inside]
        found = [path for root in roots for path in (root, *root.rglob("*.py")) if path.is_file()]
        exempt = [ROOT / folder for folder in self.but_not_in]
        return sorted(p for p in found if not any(p.is_relative_to(folder) for folder in exempt))


PLACES = [
    Where(source_rules.prints, ("pos_app",), ("pos_app/cli",)),
    Where(source_rules.asserts, ("pos_app", "installer")),
    Where(
        source_rules.clock_readings,
        ("pos_app",),
        ("pos_app/adapters/system", "pos_app/head_office/clock.py"),
    ),
    Where(source_rules.binary_fractions, ("pos_app/domain", "pos_app/sts", "pos_app/meter")),
    Where(source_rules.nested_event_loops, ("pos_app/ui",)),
    Where(source_rules.assembled_sql, ("pos_app/adapters/ledger",)),
    Where(source_rules.qt_sql, ("pos_app",)),
    Where(
        source_rules.imports_beyond_the_standard_library, ("pos_app/domain", "pos_app/resources.py")
    ),
    Where(source_rules.imports_of_ours, ("pos_app/resources.py",)),
    Where(source_rules.imports_of_the_outside_world, ("pos_app/domain", "pos_app/meter")),
    Where(source_rules.tests_that_cannot_fail, ("tests",)),
]

BREAKING = [
    (source_rules.prints, "print('token')"),
    (source_rules.asserts, "assert amount > 0"),
    (source_rules.clock_readings, "datetime.now(UTC)"),
    (source_rules.clock_readings, "import datetime\ndatetime.datetime.now()"),
    (source_rules.clock_readings, "Clock(read=time.time)"),
    (source_rules.clock_readings, "from time import time"),
    (source_rules.clock_readings, "QtCore.QDateTime.currentDateTime()"),
    (source_rules.binary_fractions, "amount * 0.1"),
    (source_rules.binary_fractions, "float(amount)"),
    (source_rules.binary_fractions, "def units(amount: float) -> None: ..."),
    (source_rules.nested_event_loops, "dialog.exec()"),
    (source_rules.nested_event_loops, "QApplication.processEvents()"),
    (source_rules.nested_event_loops, "QMessageBox.warning(self, title, text)"),
    (source_rules.assembled_sql, "db.execute(f'select * from sale where no = {no}')"),
    (source_rules.assembled_sql, "db.execute('select * from sale where no = %s' % no)"),
    (source_rules.assembled_sql, "db.executescript('drop table {}'.format(table))"),
    (source_rules.assembled_sql, "db.execute(_SALE + ' where no = ' + no)"),
    (source_rules.assembled_sql, "db.execute('pragma user_version = ' + number)"),
    (source_rules.qt_sql, "from PySide6 import QtSql"),
    (source_rules.qt_sql, "from PySide6.QtSql import QSqlDatabase"),
    (source_rules.imports_beyond_the_standard_library, "import click"),
    (source_rules.imports_beyond_the_standard_library, "from PySide6.QtCore import QObject"),
    (source_rules.imports_of_the_outside_world, "from pathlib import Path"),
    (source_rules.imports_of_ours, "from pos_app.domain import money"),
    (source_rules.tests_that_cannot_fail, "def test_a_sale(till):\n    till.sell(50)"),
]

KEEPING = [
    (source_rules.prints, "printer.print_slip(slip)"),
    (source_rules.clock_readings, "time.monotonic()\nclock.now()"),
    (source_rules.binary_fractions, "Decimal('0.1') * 3"),
    (source_rules.nested_event_loops, "dialog.open()\nself.warning(text)"),
    (source_rules.assembled_sql, "db.execute('select * from sale where no = ?', [no])"),
    (source_rules.assembled_sql, "db.execute(FIND_SALE, [no])"),
    (source_rules.assembled_sql, "db.execute(_SALE + ' where no = ?', [no])"),
    (source_rules.assembled_sql, "db.execute('pragma key = ' + key)"),
    (source_rules.assembled_sql, "db.execute(f'pragma key = \"x\\'{key}\\'\"')"),
    (source_rules.imports_beyond_the_standard_library, "from pos_app.domain import money"),
    (source_rules.tests_that_cannot_fail, "def test_a():\n    with pytest.raises(Refused): go()"),
    (source_rules.tests_that_cannot_fail, "def test_a():\n    assert_balanced(till)"),
    (
        source_rules.tests_that_cannot_fail,
        "def refused(x):\n    assert not x\ndef test_a():\n    refused(till)",
    ),
]


def named(value: object) -> str:
    rule = value.rule if isinstance(value, Where) else value
    return getattr(rule, "__name__", str(rule))


@cache
def broken() -> dict[Rule, list[str]]:
    """Return the lines that break each rule; every file is read once for all of them."""
    found: dict[Rule, list[str]] = {place.rule: [] for place in PLACES}
    rules = defaultdict(list)
    for place in PLACES:
        for path in place.files():
            rules[path].append(place.rule)
    for path, held in sorted(rules.items()):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for rule in held:
            found[rule] += [f"{path.relative_to(ROOT)}:{line}" for line in rule(tree)]
    return found


@pytest.mark.parametrize("place", PLACES, ids=named)
def test_no_file_breaks_the_rule(place: Where) -> None:
    assert broken()[place.rule] == [], place.rule.__doc__


@pytest.mark.parametrize(("rule", "source"), BREAKING, ids=named)
def test_a_rule_sees_what_breaks_it(rule: Rule, source: str) -> None:
    assert list(rule(ast.parse(source)))


@pytest.mark.parametrize(("rule", "source"), KEEPING, ids=named)
def test_a_rule_lets_good_source_pass(rule: Rule, source: str) -> None:
    assert not list(rule(ast.parse(source)))


def test_no_file_is_too_long_to_read_in_one_go() -> None:
    files = [
        p for folder in ("pos_app", "installer", "tests") for p in (ROOT / folder).rglob("*.py")
    ]
    lengths = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for p in files}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}
