"""The engineering desk from a shell: work, approval from afar, lists, mistakes in words."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pos_app.bootstrap.training_file import training_pins
from tests.e2e.program import handed_over, shop_of_today, tokentill
from tests.shops import HIGHVELD

WORK = ["--operator", "kwame", "--work-order", "WO-1", "--reason", "new breaker"]
CALL = ["--operator", "ama", "--work-order", "C-1", "--reason", "storm"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return shop_of_today(tmp_path)


def test_a_power_limit_with_its_slip_and_its_copy(shop: Path, tmp_path: Path) -> None:
    slip, copy = tmp_path / "limit.png", tmp_path / "copy.pdf"
    made = tokentill(
        shop, "engineer", "power-limit", HIGHVELD, "20A", *WORK, "--slip", str(slip), "--json"
    ).json()
    assert (made["facts"]["watts"], made["slip"]) == (4600, "E-TRAIN1-A000001")
    assert slip.stat().st_size > 1000
    explained = tokentill(
        shop, "token", "decode", made["tokens"][0]["digits"], "--meter", HIGHVELD, "--json"
    )
    assert "max-power-limit" in explained.out
    assert "4600" in explained.out
    again = tokentill(
        shop, "engineer", "reprint", made["slip"], "--slip", str(copy), "--json"
    ).json()
    assert (again["copy"], again["tokens"]) == (1, made["tokens"])
    listed = tokentill(shop, "engineer", "list", HIGHVELD)
    assert "Power limit: 4,600 W" in listed.out
    assert tokentill(shop, "journal", "verify", "--json").json()["ok"]


def test_a_supervisor_without_a_shop_approves_over_the_phone(shop: Path, tmp_path: Path) -> None:
    secret = tmp_path / "grace.secret"
    tokentill(shop, "approval", "enrol", "grace", "--out", str(secret), "--approver", "joseph")
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    order = ["grant", "free-issue", HIGHVELD, "50", *CALL]
    asked = tokentill(shop, *order, "--ask", "--json").json()
    answer = tokentill(None, "approve", asked["text"], "--secret", str(secret))
    assert "Free issue, 50.0kWh" in answer.out
    code = answer.out.rpartition(":")[2]
    by = ["--approver", "grace", "--request", asked["request"]]
    wrong = tokentill(shop, *order, *by, "--code", "00000000")
    assert "does not answer request" in wrong.refusal()
    made = tokentill(shop, *order, *by, "--code", code, "--json").json()
    assert (made["units"], made["approval"], made["approver"]) == ("50.0", "code", "grace")
    assert "is over" in tokentill(shop, *order, *by, "--code", code).refusal()
    given = tokentill(shop, "report", "free-issues", "--json")
    assert "50.0" in given.out or "500" in given.out


def test_a_replacement_comes_after_a_copy(shop: Path) -> None:
    receipt = tokentill(shop, "sell", "--meter", HIGHVELD, "--amount", "50", "--json").json()[
        "receipt"
    ]
    advice = tokentill(shop, "grant", "advise", receipt).out
    assert "Print a copy" in advice
    replace = ["grant", "replace", receipt, *CALL, "--approver", "grace"]
    assert "same digits" in tokentill(shop, *replace).refusal()
    tokentill(shop, "reprint", receipt)
    made = tokentill(shop, *replace, "--json").json()
    assert (made["act"], made["receipt"]) == ("replacement", receipt)
    assert "was replaced before" in tokentill(shop, *replace).refusal()


def test_every_mistake_gets_a_sentence(shop: Path, tmp_path: Path) -> None:
    limit = ["engineer", "power-limit", HIGHVELD]
    said = {
        "is no power": [*limit, "lots", *WORK],
        "no limit of a house": [*limit, "1W", *WORK],
        "needs its work order": [*limit, "20A", "--operator", "kwame", "--reason", "x"],
        "for an engineer": [*limit, "20A", *CALL],
        "not a whole number": ["engineer", "tariff-rate", HIGHVELD, "65536", *WORK],
        "No test is called": ["engineer", "test", "smoke", "--operator", "ama"],
        "takes a second person": ["engineer", "clear-credit", HIGHVELD, "--lost", "1", *WORK],
        "gives at most": [
            "grant", "free-issue", HIGHVELD, "1001", *CALL, "--approver", "grace",
        ],
        "holds no secret": [
            "grant", "free-issue", HIGHVELD, "5", *CALL, "--approver", "grace",
            "--request", "A000001", "--code", "12345678",
        ],
        "no slip": ["engineer", "reprint", "E-TRAIN1-A000009"],
    }  # fmt: skip
    for words, arguments in said.items():
        assert words in tokentill(shop, *arguments).refusal(), arguments
    secret = tmp_path / "none"
    secret.write_text("{}", encoding="utf-8")
    for typed, words in (("x", "no request"), ("T/A1/a/1/1/ama/000", "no request")):
        assert words in tokentill(None, "approve", typed, "--secret", str(secret)).refusal()


def test_a_wrong_pin_of_the_second_person_makes_nothing(shop: Path) -> None:
    order = ["engineer", "clear-credit", HIGHVELD, "--lost", "3", *WORK, "--approver", "grace"]
    reading = handed_over("9999")
    ran = tokentill(shop, *order, "--approver-pin-fd", str(reading), fds=(reading,))
    assert "PIN" in ran.refusal()
    assert tokentill(shop, "engineer", "list", "--json").json()["acts"] == []
    reading = handed_over(training_pins()["grace"])
    made = tokentill(
        shop, *order, "--approver-pin-fd", str(reading), "--json", fds=(reading,)
    ).json()
    assert made["facts"] == {"register": "electricity", "lost_tenths": 30}


def test_a_bulk_list_looked_at_corrected_and_sold(shop: Path, tmp_path: Path) -> None:
    purchases, result, rest = (tmp_path / name for name in ("l.csv", "r.csv", "rest.csv"))
    purchases.write_text(
        f"meter,amount,flat\n{HIGHVELD},50,1\n99999999999,50,=2+2\n{HIGHVELD},60,3\n",
        encoding="utf-8",
    )
    looked = tokentill(shop, "bulk", str(purchases), "--dry-run")
    assert looked.code == 1
    assert "3 rows, 1 of them cannot be sold. Total: ZAR 110.00." in looked.out
    assert looked.err.startswith("Line 3: ")
    assert tokentill(shop, "bulk", str(purchases)).code == 1
    assert tokentill(shop, "sales", "--json").json()["sales"] == []
    sold = tokentill(
        shop, "bulk", str(purchases), "--skip-broken", "--result", str(result),
        "--rest", str(rest),
    )  # fmt: skip
    assert "2 rows sold, 1 refused." in sold.out
    assert rest.read_text(encoding="utf-8") == "meter,amount,flat\n99999999999,50,=2+2\n"
    lines = result.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[2].endswith("Read it again.") or "refused" in lines[2]
    assert "were sold before" in tokentill(shop, "bulk", str(purchases)).err
    assert tokentill(shop, "bulk", str(tmp_path / "none.csv")).refusal()
