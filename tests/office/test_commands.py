"""The two commands of the README as real programs, and the office's work without a browser."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pos_app.bootstrap.office_stick import export_bundle, import_packs
from pos_app.bootstrap.shop import OpenShop
from pos_app.cli.head_office import common
from pos_app.cli.head_office import office as commands
from pos_app.cli.head_office import serve as serving_commands
from pos_app.head_office.office import create_office, open_office
from pos_app.head_office.place import Place
from pos_app.head_office.rooms import Rooms
from pos_app.head_office.sealing import FLOOR
from tests.forked import ROOT
from tests.key_makers import STS_KEY
from tests.office.makers import DRN, MadeTill
from tests.office.oversellers import oversell
from tests.office.test_scanning import code
from tests.shops import HIGHVELD, HeldClock, make_shop, opened, order
from tests.tills import environment, run

PASSPHRASE = "seven harbour lanterns drift slowly"
PASSWORD = "quiet copper engines gather dust"
SECRETS = {
    "TOKENTILL_OFFICE_PASSPHRASE": PASSPHRASE,
    "TOKENTILL_OFFICE_PASSWORD": PASSWORD,
    "TOKENTILL_OFFICE_NEW_PASSWORD": PASSWORD,
}
Office = Callable[..., Result]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    """Run a command in this process: secrets in the environment, a held clock, a low cost."""
    monkeypatch.setattr(serving_commands, "create_office", partial(create_office, cost=FLOOR))
    for module in (common, serving_commands):
        monkeypatch.setattr(module, "SystemClock", HeldClock)

    def run_it(*words: str | Path, **more: str) -> Result:
        return CliRunner().invoke(commands, [str(word) for word in words], env=SECRETS | more)

    return run_it


def said(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, *words: str, stderr: bool = False) -> Iterator[str]:
    """Run the server as a program; yield what it said, or complained of, before it listened."""
    port = free_port()
    command = [sys.executable, "-m", "pos_app.cli.head_office", "serve", str(folder)]
    program = subprocess.Popen(
        [*command, "--port", str(port), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if stderr else None,
        text=True,
        cwd=ROOT,
        env=environment(**SECRETS),
        stdin=subprocess.DEVNULL,
    )
    try:
        out = program.stdout
        assert out is not None
        lines = [out.readline()]
        while lines[-1] and "listens" not in lines[-1]:
            lines.append(out.readline())
        wait_for(port)
        yield "".join(lines)
    finally:
        program.terminate()
        program.communicate(timeout=60)


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(port)


def test_two_commands_start_an_office_and_enrol_the_training_shop(
    office: Office, tmp_path: Path
) -> None:
    shop, folder = make_shop(tmp_path), tmp_path / "office"
    said(office("init", folder))
    with serving(folder, "--code", "TRAIN1") as told:
        line = re.search(r"tokentill (office enrol .+)", told)
        assert line is not None, told
        here = ("--shop", str(shop))  # as it is printed: nobody is named
        enrolled = run(*line[1].split(), *here)
        assert enrolled.returncode == 0, enrolled.stderr
        sent = run("office", "sync", *here)
        assert sent.returncode == 0, sent.stderr
    tills = json.loads(said(office("tills", folder, "--json")))["tills"]
    assert [(each["till"], each["set_aside"], each["waiting"]) for each in tills] == [
        ("TRAIN1", 0, 0)
    ]
    assert tills[0]["head_seq"] > 5
    assert "whole" in said(office("check", folder))


def test_a_stick_carries_the_same_without_a_network(office: Office, tmp_path: Path) -> None:
    folder, stick = tmp_path / "office", tmp_path / "stick"
    stick.mkdir()
    made = said(office("init", folder, "--name", "Highveld Power"))
    assert re.search(r"to compare when a till is enrolled: ([0-9a-f]{4} ?){8}", made)
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert oct((folder / "tls" / "key.pem").stat().st_mode & 0o777) == "0o600"
    code = said(office("code", folder, "TRAIN1")).strip()
    request, answer = tmp_path / "till.request", tmp_path / "till.answer"
    shop = opened(make_shop(tmp_path))
    try:
        request.write_bytes(shop.desk.office.request(code, "grace"))
        said(office("enrol", folder, request, answer))
        shop.desk.office.take_answer(answer.read_bytes(), "grace")
        shop.desk.sign_in("ama", "1111")
        shop.desk.sell(order(shop, HIGHVELD, 5000))
        written = export_bundle(shop, stick)
        assert written is not None
        for expected in (r"[1-9]\d* new entries of TRAIN1", "0 new entries"):
            assert re.search(expected, said(office("take", folder, written.path)))
        said(office("staff", "add", folder, "ada", "Ada", "issuer"))
        said(office("staff", "add", folder, "bea", "Bea", "approver"))
        told = ("pack", "elsewhere", folder, "TRAIN1", "--by", "ada")
        assert "sold nothing" in said(office(*told))
        bounds = [
            "--money",
            "900000",
            "--tenths",
            "900000",
            "--count",
            "500",
            "--per-vend",
            "90000",
        ]
        said(
            office(
                "allowance", "grant", folder, "TRAIN1", "ZAR", *bounds, "--days", "7", "--by", "ada"
            )
        )
        alone = office("pack", "approve", folder, "1", "--by", "ada")
        assert (alone.exit_code, "may not" in alone.stderr) == (1, True)
        said(office("pack", "approve", folder, "1", "--by", "bea"))
        said(office("pack", "export", folder, "TRAIN1", "1", stick))
        taken = list(import_packs(shop, (stick,)))
        assert [each.counts["allowance"] for each in taken] == [1]
        said(office("allowance", "wish", folder, "TRAIN1", "ZAR", "500", "--by", "ada"))
        digits = said(office("allowance", "code", folder, "2", "--by", "bea")).strip()
        assert shop.desk.office.take_code(digits, "grace").amount == 500
        shop.desk.sell(order(shop, HIGHVELD, 6000))
        written = export_bundle(shop, stick)
        assert written is not None
        said(office("take", folder, written.path))
        bought = take_from_another_till(office, folder, tmp_path)
        assert "TRAIN1 is issued with 2 records" in said(office(*told))
        said(office("pack", "export", folder, "TRAIN1", "2", stick))
        assert [
            each.counts["elsewhere"] for each in import_packs(shop, (stick,)) if not each.again
        ] == [1]
        assert shop.desk.accounts.show(HIGHVELD).state.bought_elsewhere == bought
        take_meters(office, folder, tmp_path, shop)
    finally:
        shop.close()
    assert json.loads(said(office("findings", folder, "--json")))["findings"] == []
    table = tmp_path / "sales.csv"
    said(office("export", folder, "2026-01-01", "2099-12-31", table))
    assert len(table.read_text(encoding="utf-8").splitlines()) == 5


def take_meters(office: Office, folder: Path, place: Path, shop: OpenShop) -> None:
    """Send meters of a file down; sent in once more it changes nothing."""
    found = shop.ledger.meter(HIGHVELD)
    assert found is not None
    names = [name for name in asdict(found) if name not in {"pan", "blocked"}]
    rows = [found, replace(found, drn="01234567897", name="NEW Ada")]
    lines = [",".join(f'"{getattr(each, name)}"' for name in names) for each in rows]
    meters = place / "meters.csv"
    meters.write_text("\n".join((",".join(names), *lines)) + "\n", encoding="utf-8")
    counts = []
    for _ in range(2):
        said(office("meters", folder, meters))
        drafted = said(office("pack", "draft", folder, "TRAIN1", "--meters", "--by", "ada"))
        number = re.search(r"\d+", drafted)
        assert number
        issued = said(office("pack", "approve", folder, number.group(), "--by", "bea"))
        stick = place / issued.partition("Pack ")[2].split()[0]
        stick.mkdir()
        said(office("pack", "export", folder, "TRAIN1", stick.name, stick))
        counts += [each.counts.get("meters", 0) for each in import_packs(shop, (stick,))]
    assert counts == [2, 0]
    assert [hit.name for hit in shop.desk.find("01234567897")] == ["NEW Ada"]


def take_from_another_till(office: Office, folder: Path, place: Path) -> int:
    """Let the office take two sales of another till; return the tenths they sold."""
    other = MadeTill("TRAIN2")
    request, bundle = place / "other.request", place / "other.ttb"
    request.write_bytes(other.request(said(office("code", folder, other.name)).strip()))
    said(office("enrol", folder, request, place / "other.answer"))
    other.sell(2, training=True)
    bundle.write_bytes(other.bundle())
    said(office("take", folder, bundle))
    return 200


def test_receipts_of_a_lost_till_are_scanned_at_the_command_line(
    office: Office, tmp_path: Path
) -> None:
    folder, receipts = tmp_path / "office", tmp_path / "codes.txt"
    said(office("init", folder))
    enrolment = said(office("code", folder, "TILL7")).strip()
    request, answer = tmp_path / "till.request", tmp_path / "till.answer"
    till = MadeTill()
    request.write_bytes(till.request(enrolment))
    said(office("enrol", folder, request, answer))
    codes = [code(till, till.sell(1)) for _ in range(2)]
    receipts.write_text("\n".join([*codes, "", codes[0], "junk"]), encoding="utf-8")
    done = office("scan", folder, receipts)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        f"TILL7-A000001: ZAR 50.00 rebuilt, 10.0  for meter {DRN}.",
        f"TILL7-A000002: ZAR 50.00 rebuilt, 10.0  for meter {DRN}.",
        "TILL7-A000001: scanned before. Nothing changes.",
        "2 sales rebuilt.",
    ]
    assert "Line 5: This is no code of a receipt" in done.stderr
    proven = said(office("prove", folder))
    assert proven == "TILL7: 0 tokens are right, 0 differ, 0 have no key here.\n"


def test_billing_systems_are_kept_at_the_command_line(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    said(office("init", folder))
    assert "Nobody is told yet" in said(office("hook", "list", folder))
    made = said(office("hook", "add", folder, "billing", "https://billing.example.org/x"))
    assert re.search(r"whsec_[A-Za-z0-9+/=]{44}", made)
    assert "billing https://billing.example.org/x" in said(office("hook", "list", folder))
    kept = json.loads(said(office("hook", "list", folder, "--json")))["hooks"]
    assert kept[0]["events"] == "sales.received finding.opened day.closed"
    assert "whsec_" not in json.dumps(kept)
    assert "0 messages wait again" in said(office("hook", "again", folder, "billing"))
    said(office("hook", "retire", folder, "billing"))
    for words in (("hook", "again", folder, "billing"),
                  ("hook", "add", folder, "x", "http://10.0.0.1/"),
                  ("serve", folder, "--hook-network", "10.0.0.0/33")):  # fmt: skip
        done = office(*words)
        assert (done.exit_code, "hook" in done.stderr) == (1, True)


def test_a_shared_month_is_settled_at_the_command_line(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    said(office("init", folder))
    for name, role in (("ivy", "issuer"), ("abe", "approver")):
        said(office("staff", "add", folder, name, name.title(), role))
    assert "Nothing to settle in 2026-10" in said(office("oversold", "show", folder))
    with common_rooms(folder) as rooms:
        oversell(rooms, "TILL7", "TILL8")
    asked = ("--month", "2026-11", "--now")
    shown = said(office("oversold", "show", folder, *asked))
    assert "paid 1400.00, due 1484.45, asked before 0.00, difference ZAR 84.45" in shown
    assert "settled by the next sale at TILL8" in shown
    waits = said(office("oversold", "show", folder, "--month", "2026-11"))
    assert "--now does not wait (2)" in waits
    (meter,) = json.loads(said(office("oversold", "show", folder, *asked, "--json")))["meters"]
    assert [sale["before"] for sale in meter["sales"]] == [0, 3199]
    refused = office("oversold", "draft", folder, *asked)
    assert refused.exit_code == 1
    assert "Draft 2 waits" in said(office("oversold", "draft", folder, *asked, "--by", "ivy"))
    assert "Nothing to settle" in said(office("oversold", "draft", folder, *asked, "--by", "ivy"))
    said(office("pack", "approve", folder, "2", "--by", "abe"))
    assert office("oversold", "show", folder, "--month", "november").exit_code == 1
    drafted = said(office("oversold", "list", folder, "--month", "2026-11"))
    assert "ZAR 84.45 at TILL8, draft 2 (issued), settled 0.00" in drafted
    assert "Nothing was drafted of 2026-10" in said(office("oversold", "list", folder))


@contextmanager
def common_rooms(folder: Path) -> Iterator[Rooms]:
    """Open an office as a command does."""
    store = Place(folder).open()
    yield Rooms.of(open_office(store, HeldClock(), PASSPHRASE))
    store.close()


def test_a_campaign_of_key_changes_is_run_at_the_command_line(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "office"
    said(office("init", folder))
    request, answer = tmp_path / "till.request", tmp_path / "till.answer"
    request.write_bytes(MadeTill().request(said(office("code", folder, "TILL7")).strip()))
    said(office("enrol", folder, request, answer))
    for who, role in (("ivy", "issuer"), ("abe", "approver")):
        said(office("staff", "add", folder, who, who.title(), role))
    listed, meters = tmp_path / "keys.toml", tmp_path / "meters.csv"
    listed.write_text("".join(map(vending_line, ((201457, 1), (201461, 2)))), encoding="utf-8")
    said(office("keys", folder, listed))
    names = "drn,name,address,utility,tariff,commodity,sgc,krn,ti,ken,kt,ea,dkga,base"
    row = f"{DRN},NYAMA,1 Main Road,grid,home,electricity,201457,1,1,255,2,7,4,2014"
    other = row.replace(DRN, "01234567897").removesuffix("2014") + "1993"
    meters.write_text(f"{names}\n{row}\n{other}\n", encoding="utf-8")
    said(office("meters", folder, meters))
    keys = ("201457:1", "201461:2")
    shown = said(office("keychange", "show", folder, *keys, "--state", "todo"))
    assert "1 to do" in shown
    assert "1 cannot have one" in shown
    assert "NYAMA" in shown
    cannot = said(office("keychange", "show", folder, *keys, "--state", "cannot"))
    assert "01234567897 NYAMA, 1 Main Road: the meter's old key is not here" in cannot
    drafted = said(office("keychange", "draft", folder, "TILL7", *keys, "--by", "ivy"))
    assert "Draft 1 with 1 key-change set waits" in drafted
    assert "Without a set: 1 because: the meter's old key is not here" in drafted
    again = office("keychange", "draft", folder, "TILL7", *keys, "--by", "ivy")
    assert (again.exit_code, "needs a set" in again.stderr) == (1, True)
    said(office("pack", "approve", folder, "1", "--by", "abe"))
    counts = json.loads(said(office("keychange", "show", folder, *keys, "--json")))["counts"]
    states = {"todo": 0, "made": 0, "sent": 1, "given": 0, "done": 0, "cannot": 1}
    assert counts == states
    none = office("keychange", "draft", folder, "TILL7", *keys, "--again", "--by", "ivy")
    assert (none.exit_code, "needs a set" in none.stderr) == (1, True)
    changed = tmp_path / "changed.csv"
    assert "0 meters" in said(office("keychange", "export", folder, changed))
    assert changed.read_text(encoding="utf-8").startswith("drn,sgc,krn,ti,")
    for bad in ("201457", "2014571:1", "abcdef:1", "201457:10"):
        assert office("keychange", "show", folder, bad, keys[1]).exit_code == 2


def vending_line(of: tuple[int, int]) -> str:
    """Return one key of an authority's list."""
    sgc, krn = of
    return (
        f'[[key]]\nkind = "vending"\nsgc = "{sgc}"\nkrn = {krn}\nkt = 2\nbase = 2014\nken = 255\n'
        f'dkga = 4\nactive_from = 2026-01-01\nissue_until = 2036-01-01\nkey = "{STS_KEY.hex()}"\n'
    )


def test_what_cannot_be_is_told_in_a_sentence(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    said(office("init", folder))
    refused = [
        (office("init", folder), "already"),
        (office("tills", tmp_path / "nowhere"), "no head office"),
        (office("tills", folder, TOKENTILL_OFFICE_PASSPHRASE="wrong"), "passphrase"),
        (office("code", folder, "../x"), "cannot be called"),
        (office("init", tmp_path / "x", "--database", "mysql://x"), "cannot be used"),
        (office("serve", folder, "--host", "0.0.0.0", "--plain"), "TLS"),  # noqa: S104
        (office("init", tmp_path / "y", TOKENTILL_OFFICE_PASSPHRASE="1234"), "guess"),
    ]
    for done, sentence in refused:
        assert done.exit_code == 1
        assert sentence in done.stderr
    said(office("init", tmp_path / "y"))
