"""Settlement over the interface and at the command line: the same figures, the same refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pos_app.cli.head_office import common
from pos_app.cli.head_office import office as commands
from pos_app.cli.head_office import serve as serving_commands
from pos_app.head_office.office import create_office, open_office
from pos_app.head_office.people import THE_OFFICE, Role
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.sealing import FLOOR
from pos_app.head_office.store.engine import open_store
from tests.office.makers import PASSPHRASE, MadeTill, enrolled, send
from tests.office.older import back_to_0006
from tests.office.servers import Running, running
from tests.office.settling_bodies import worked
from tests.shops import HeldClock

DAYS = {"from": "2026-11-21", "to": "2026-11-21"}


@pytest.fixture
def server(rooms: Rooms, till: MadeTill, tmp_path: Path) -> Iterator[Running]:
    with running(rooms, tmp_path) as found:
        send(rooms, till, worked(till).bundle())
        yield found


def test_a_billing_system_settles(server: Running) -> None:
    token = server.rooms.people.new_token("billing", Role.BILLING, THE_OFFICE)
    head = {"Authorization": f"Bearer {token}"}
    with server.client() as client:
        found = client.get("/api/v1/settlement", params=DAYS, headers=head).json()
        (money,) = found["money"]
        assert (found["from"], money["gross_minor"], money["refunds_minor"]) == (
            "2026-11-21", 15_000, -2_000,
        )  # fmt: skip
        assert (money["to_settle_minor"], money["deposits_minor"]) == (13_000, 12_000)
        assert money["cash"]["held_minor"] == 900
        assert money["cash"]["variance_minor"] == -100
        (shift,) = client.get("/api/v1/settlement/shifts", params=DAYS, headers=head).json()[
            "closes"
        ]
        assert shift["facts"]["drawer"][0]["counted"] == 12_900
        assert shift["approval"]["facts"] == {"approver_name": "Grace", "reason": "a torn note"}
        slips = client.get("/api/v1/settlement/deposits", params=DAYS, headers=head).json()
        assert (slips["next"], slips["closes"][0]["facts"]["reference"]) == (None, "DEP-1")
        statement = client.get("/api/v1/statement", params=DAYS | {"till": "TILL7"}, headers=head)
        (account,) = statement.json()["accounts"]
        assert (account["opening_minor"], account["closing_minor"]) == (0, 1_000)
        table = client.get("/api/v1/settlement.csv", params=DAYS, headers=head).text
        assert "TILL7,total.to-settle,,,ZAR,130.00,,,,False\r\n" in table
        wrong = client.get("/api/v1/settlement", params=DAYS | {"to": "soon"}, headers=head)
        assert (wrong.status_code, wrong.json()["code"]) == (400, "office-question-unfit")
        assert client.get("/api/v1/settlement", params=DAYS).status_code == 401
        described = client.get("/openapi.json").json()
        assert "to_settle_minor" in json.dumps(described["components"]["schemas"]["OfMoney"])
        unknown = client.get("/api/v1/statement", params=DAYS | {"till": "x"}, headers=head)
        assert unknown.status_code == 404


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an office's folder with a till that sold."""
    monkeypatch.setattr(serving_commands, "create_office", partial(create_office, cost=FLOOR))
    for module in (common, serving_commands):
        monkeypatch.setattr(module, "SystemClock", HeldClock)
    place = tmp_path / "office"
    assert run("init", place).exit_code == 0
    store = open_store("", place)
    made = open_office(store, HeldClock(), PASSPHRASE)
    rooms, till = Rooms.of(made), MadeTill()
    enrolled(rooms, till)
    send(rooms, till, worked(till).bundle())
    store.close()
    return place


def run(*words: str | Path) -> Result:
    secrets = {"TOKENTILL_OFFICE_PASSPHRASE": PASSPHRASE}
    return CliRunner().invoke(commands, [str(word) for word in words], env=secrets)


def squeezed(done: Result) -> list[str]:
    assert done.exit_code == 0, done.output
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def test_settlement_at_the_command_line(folder: Path, tmp_path: Path) -> None:
    span = ("--from", "2026-11-21", "--to", "2026-11-30")
    told = squeezed(run("settlement", folder, *span))
    assert told[:9] == [
        "Settlement of all tills, 2026-11-21 to 2026-11-30", "", "ZAR", "Sales (3) 150.00",
        "Less money back (1) -20.00", "To settle 130.00", "At the bank (1 deposit) 120.00",
        "Cash not banked on 2026-11-30 9.00", "Paid: Cash 130.00",
    ]  # fmt: skip
    assert json.loads(run("settlement", folder, *span, "--json").stdout)["till"] == ""
    table = tmp_path / "table.csv"
    assert "lines written" in squeezed(run("settlement", folder, *span, "--csv", table))[0]
    assert table.read_bytes().startswith(b"till,what,")
    set_it = ("commission", "set", folder, "TILL7", "ZAR", "--percent", "10")
    assert squeezed(run(*set_it, "--from", "2026-11-21"))[0].startswith("TILL7 earns from 2026-11")
    assert "Less commission -13.00" in squeezed(run("settlement", folder, *span))
    assert squeezed(run("statement", folder, "TILL7", *span)) == [
        "Statement of TILL7 (Corner Shop), 2026-11-21 to 2026-11-30", "", "ZAR",
        "Owed before 0.00", "Sales (3) 150.00", "Less money back (1) -20.00",
        "Less commission -13.00", "Less deposit 2026-11-21 DEP-1 -120.00", "Owed after -3.00",
    ]  # fmt: skip
    assert "set by office" in squeezed(run("commission", "list", folder))[0]
    for words, sentence in (
        ((*set_it, "--from", "2026-11-01"), "say why in the note"),
        ((*set_it[:-1], "lots"), "cannot be sale_percent"),
        (("settlement", folder, "--from", "x", "--to", "y"), "Write days like"),
        (("statement", folder, "TILL9", *span), "TILL9"),
    ):
        refused = run(*words)
        assert refused.exit_code == 1
        assert sentence in refused.stderr


def test_a_database_from_before_is_added_up_and_says_how_far_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    span = ("--from", "2026-11-21", "--to", "2026-11-30")
    before = run("settlement", folder, *span, "--json").stdout
    store = open_store("", folder)
    back_to_0006(store)
    store.close()
    monkeypatch.setattr(common, "_SECONDS", 0)
    after = run("settlement", folder, *span, "--json")
    assert after.stderr == "Adding up what was taken in before, once: 100 % (till TILL7)\n"
    assert after.stdout == before
