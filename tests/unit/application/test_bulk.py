"""A list of purchases: every broken row has its line and its sentence, no row is sold twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.adapters.documents.bulk_csv import HEADINGS, save_rest, save_results
from pos_app.application.bulk import BulkBroken, BulkDone, BulkPlan, BulkTerms, RowResult
from pos_app.application.bulk_file import MOST_ROWS, BulkFileInvalid, read_rows
from pos_app.application.bulk_words import said
from pos_app.application.words import load_words
from pos_app.bootstrap.inspection import verify_shop
from pos_app.bootstrap.shop import OpenShop
from pos_app.bootstrap.training_file import training_passphrase
from pos_app.domain.allowance import AllowanceUsedUp
from tests.shops import HIGHVELD, LAGOON, LAKESIDE, HeldClock, make_shop, opened

H = HIGHVELD
GOOD = f"meter,amount,units\n{H},50,\n{H},,12.5\n{LAGOON},5000,\n"

BROKEN = [
    # cells and quotes
    f"{H}", f"{H},50", f"{H},50,,", f"{H},50,,,,,,", f'{H},"50,', f'"{H}","50"x,', f'{H},5"0",',
    f'"{H},50,', f"{H},5\x000,", f"{H},5\x070,", f"{H},50\u202e,", f"{H}\u200b,50,",
    f"{H},\x1b[2J,",
    f"{H},{'5' * 201},", f"{'1' * 201},50,", f"{H},,{'5' * 300}", "\x00,\x00,\x00", '"",50,',
    '",",50,',
    # meter
    ",50,", " ,50,", "-,50,", "abc,50,", "12345,50,", "14123456784,50,", "1412345678,50,",
    "141234567831,50,", "1.41235E+10,50,", "1.41e+10,,5", "=14123456783,50,", "@SUM(A1),50,",
    "+14123456783,50,", "14123456783.0,50,", "14,123456783,50", "\u0661\u0664123456783,50,",
    "99999999999,50,", "00000000000,50,", "600727141234567839,50,", "11111111115,50,", "NULL,50,",
    "#N/A,50,", "=cmd|' /C calc'!A0,50,", "<b>14123456783</b>,50,", "' OR 1=1 --,50,",
    "14123456783x,50,",
    "\u4e2d\u6587,50,", "\U0001f4a1,50,", "14123456783;50;,,", "../../etc/passwd,50,", "%s%n,50,",
    # amount
    f"{H},0,", f"{H},-50,", f"{H},+50,", f"{H},50.001,", f"{H},5O,", f"{H},fifty,", f"{H},1e3,",
    f"{H},0x32,", f"{H},NaN,", f"{H},inf,", f"{H},R50,", f"{H},50 ZAR,", f'{H},"50,00",',
    f'{H},"1,00,000",', f"{H},50..,", f"{H},.5,", f"{H},=50,", f"{H},=2+3,", f"{H},\u0665\u0660,",
    f"{H},99999999999999999999,", f"{H},9.99,", f"{H},5000.01,", f"{H},1000000,",
    f"{H},5 0 0 0 0 0,",
    f"{H},-,", f"{H},#REF!,", f"{H},50%,", f"{H},(50),", f"{H},--50,", f"{H},5_0,", f"{H},true,",
    # units
    f"{H},,0", f"{H},,-5", f"{H},,5.55", f"{H},,5kWh", f"{H},,five", f"{H},,1e2", f"{H},,\u0665",
    f"{H},,99999999", f"{H},,18201624.5", f"{H},,=5", f"{H},,+5", f"{H},,5.", f"{H},,.5",
    f"{H},,0.0",
    f'{H},,"5,5"', f"{H},,NaN", f"{H},,0.04",
    # both, neither, another currency's floor
    f"{H},,", f"{H},50,5", f"{LAGOON},50,", f"{LAKESIDE},0.001,",
]  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    shop = opened(make_shop(tmp_path), HeldClock())
    yield shop
    shop.close()


def look(shop: OpenShop, text: str, terms: BulkTerms = BulkTerms()) -> BulkPlan:  # noqa: B008 - frozen
    return shop.desk.bulk.look(text.encode(), "ama", terms)


def sold(shop: OpenShop, plan: BulkPlan, **how: bool) -> list[RowResult]:
    desk = shop.desk.bulk
    run = desk.begin(plan, "ama", **how)
    results = [desk.step(run, row) for row in plan.rows]
    good = sum(each.sale is not None for each in results)
    desk.end(run, good, len(results) - good, "ama")
    return results


def sales(shop: OpenShop) -> int:
    return int(shop.ledger.db.execute("select count(*) from sale").fetchone()[0])


def test_there_are_a_hundred_kinds_of_broken_rows() -> None:
    assert len(set(BROKEN)) == len(BROKEN) >= 100


@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_broken_row_gets_its_line_and_a_sentence_and_the_good_ones_stay_good(
    shop: OpenShop, language: str
) -> None:
    words = load_words(language)
    rows = [line for bad in BROKEN for line in (bad, f"{H},{100 + BROKEN.index(bad)},")]
    plan = look(shop, "meter,amount,units\n" + "\n".join(rows) + "\n")
    problems = {row.row.line: row.problem for row in plan.rows}
    for at, bad in enumerate(BROKEN):
        problem = problems.get(2 + 2 * at)
        assert problem is not None, bad
        sentence = said(words, problem)
        assert sentence.rstrip(")").endswith((".", "。")), sentence
        assert "{" not in sentence
        assert problems[3 + 2 * at] is None, bad
    assert plan.broken == len(BROKEN)
    assert sales(shop) == 0


FILES = [
    (b"", "missing"),
    (b"\n\n", "missing"),
    (b"meter,amount\n", "empty"),
    (b"meter,amount\n,\n ,\n", "empty"),
    (b"amount\n50\n", "missing"),
    (b"meter\n14123456783\n", "missing"),
    (b"meter,amount,amount\n1,2,3\n", "twice"),
    (b"meter,Meter,amount\n1,2,3\n", "twice"),
    (b'"meter,amount\n1,2\n', "names"),
    (b"meter,amount\n14123456783,50\n\xff\xfe\n", "utf-8"),
    ("meter,amount\n1,5\n".encode("utf-16"), "utf-8"),
    (b"\x50\x4b\x03\x04 a workbook", "missing"),
    (b"meter,amount\n" + b"14123456783,50\n" * (MOST_ROWS + 1), "too-many"),
    (b"x" * 20_000_001, "too-large"),
]


@pytest.mark.parametrize(("raw", "problem"), FILES)
def test_a_list_that_is_none_is_told_as_a_whole(raw: bytes, problem: str) -> None:
    with pytest.raises(BulkFileInvalid) as told:
        read_rows(raw)
    assert told.value.facts["problem"] == problem
    for language in ("en", "ja"):
        assert said(load_words(language), told.value).endswith((".", "。", "amount"))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        GOOD.replace(",", ";"),
        GOOD.replace("meter,amount,units", " METER ,Amount, units"),
        GOOD.replace(H, f"'{H}"),
        GOOD.replace(H, f"{H[:4]} {H[4:8]} {H[8:]}"),
        GOOD.replace("50,", '"50",').replace("5000", '"5,000"'),
        GOOD.rstrip("\n"),
    ],
)
def test_what_spreadsheets_make_of_a_list_is_the_same_list(shop: OpenShop, text: str) -> None:
    plan = look(shop, text)
    assert [row.problem for row in plan.rows] == [None] * 3
    assert [(row.drn, row.row.line) for row in plan.rows] == [(H, 2), (H, 3), (LAGOON, 4)]
    assert [total.currency.code for total in plan.totals] == ["NGN", "ZAR"]


def test_a_list_is_sold_row_by_row_without_paper(shop: OpenShop) -> None:
    results = sold(shop, look(shop, GOOD))
    assert [each.sale.meter.drn if each.sale else "" for each in results] == [H, H, LAGOON]
    assert shop.ledger.unprinted() == (0, 0)
    with pytest.raises(BulkDone):
        sold(shop, look(shop, GOOD))
    assert sales(shop) == 3
    folder = shop.folder
    shop.close()
    assert verify_shop(folder, training_passphrase()).fault is None


def test_slips_come_where_they_are_wanted(shop: OpenShop) -> None:
    sold(shop, look(shop, GOOD, BulkTerms(slips=True)))
    assert shop.ledger.unprinted() == (3, 0)


def test_a_list_cut_short_goes_on_and_sells_nothing_twice(shop: OpenShop) -> None:
    desk, plan = shop.desk.bulk, look(shop, GOOD)
    run = desk.begin(plan, "ama")
    first = desk.step(run, plan.rows[0])
    results = sold(shop, look(shop, GOOD))
    assert [each.before for each in results] == [True, False, False]
    assert results[0].sale == first.sale
    assert sales(shop) == 3


def test_the_same_list_can_be_sold_again_when_that_is_said(shop: OpenShop) -> None:
    sold(shop, look(shop, GOOD))
    clock = shop.clock
    assert isinstance(clock, HeldClock)
    clock.now += 3_600_000
    results = sold(shop, look(shop, GOOD), again=True)
    assert all(each.sale and not each.before for each in results)
    assert sales(shop) == 6


def test_broken_rows_stop_the_list_unless_they_are_left_out(shop: OpenShop) -> None:
    text = GOOD + "99999999999,50,\n"
    with pytest.raises(BulkBroken):
        sold(shop, look(shop, text))
    assert sales(shop) == 0
    results = sold(shop, look(shop, text), skip=True)
    assert [each.sale is not None for each in results] == [True, True, True, False]


def test_rows_beyond_the_allowance_are_known_before_anything_is_sold(shop: OpenShop) -> None:
    body = {
        "currency": "ZAR", "sequence": 9, "tenths": 10**9, "money_minor": 15_000, "count": 99,
        "per_vend_minor": 10**6, "not_after_ms": shop.clock.now_ms() + 10**9,
    }  # fmt: skip
    with shop.ledger.writing() as act:
        act.append("allowance", body, shop.clock.now_ms())
    plan = look(shop, f"meter,amount\n{H},100\n{H},51\n{H},50\n{H},20\n{LAGOON},5000\n")
    problems = [type(row.problem) for row in plan.rows]
    assert problems == [type(None), AllowanceUsedUp, type(None), AllowanceUsedUp, type(None)]


def test_a_closed_shop_stops_the_list_instead_of_refusing_every_row(shop: OpenShop) -> None:
    plan = look(shop, GOOD)
    desk = shop.desk.bulk
    run = desk.begin(plan, "ama")
    clock = shop.clock
    assert isinstance(clock, HeldClock)
    clock.now -= 86_400_000
    with pytest.raises(Exception, match="clock-stopped"):
        desk.step(run, plan.rows[0])


def test_results_are_harmless_to_spreadsheets_and_keep_every_digit(tmp_path: Path) -> None:
    path = tmp_path / "result.csv"
    evil = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "5649 3153 7254 5031 3471", "ok", ""]
    save_results([evil], path)
    text = path.read_text(encoding="utf-8-sig")
    headings, row = list(csv.reader(io.StringIO(text, newline="")))
    assert headings == list(HEADINGS)
    assert [cell[:1] for cell in row[:7]] == ["'"] * 7
    assert row[7:] == evil[7:]
    assert path.stat().st_mode & 0o077 == 0


def test_the_rest_is_a_list_again(tmp_path: Path) -> None:
    path = tmp_path / "rest.csv"
    save_rest(GOOD.replace("\n", "\r\n").encode(), [3], path)
    assert path.read_text(encoding="utf-8") == f"meter,amount,units\n{H},,12.5\n"
    assert len(read_rows(path.read_bytes())) == 1
