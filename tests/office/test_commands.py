"""The two commands of the README, and the office's work without a browser, as real programs."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.shops import HIGHVELD, make_shop
from tests.tills import ROOT, environment, run

PASSPHRASE = "seven harbour lanterns drift slowly"
PASSWORD = "quiet copper engines gather dust"
SECRETS = {
    "TOKENTILL_OFFICE_PASSPHRASE": PASSPHRASE,
    "TOKENTILL_OFFICE_PASSWORD": PASSWORD,
    "TOKENTILL_OFFICE_NEW_PASSWORD": PASSWORD,
}


def office(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pos_app.cli.head_office", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(**(SECRETS | more)),
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[str]:
    """Run the server; yield what it said before it began to listen."""
    port = free_port()
    command = [sys.executable, "-m", "pos_app.cli.head_office", "serve", str(folder)]
    program = subprocess.Popen(
        [*command, "--port", str(port), *words],
        stdout=subprocess.PIPE,
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
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(port)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("offices") / "office"
    told = said(office("init", str(place), "--name", "Highveld Power"))
    assert re.search(r"public key: [0-9a-f]{64}", told)
    assert oct(place.stat().st_mode & 0o777) == "0o700"
    assert oct((place / "tls" / "key.pem").stat().st_mode & 0o777) == "0o600"
    return place


def test_two_commands_start_an_office_and_enrol_the_training_shop(
    folder: Path, tmp_path: Path
) -> None:
    shop = make_shop(tmp_path)
    with serving(folder, "--code", "TRAIN1") as told:
        line = re.search(r"tokentill (office enrol .+)", told)
        assert line is not None, told
        here = ("--shop", str(shop), "--operator", "grace")
        enrolled = run(*line[1].split(), *here)
        assert enrolled.returncode == 0, enrolled.stderr
        sold = run("sell", "--meter", HIGHVELD, "--amount", "50", "--shop", str(shop))
        assert sold.returncode == 0, sold.stderr
        sent = run("office", "sync", *here)
        assert sent.returncode == 0, sent.stderr
        tills = json.loads(said(office("tills", str(folder), "--json")))["tills"]
        assert [(each["till"], each["set_aside"], each["waiting"]) for each in tills] == [
            ("TRAIN1", 0, 0)
        ]
        found = json.loads(said(office("findings", str(folder), "--json")))["findings"]
        assert [each["kind"] for each in found] == []

        people = (("ada", "Ada", "issuer"), ("bea", "Bea", "approver"))
        for who in people:
            said(office("staff", "add", str(folder), *who))
        bounds = "--money 900000 --tenths 900000 --count 500 --per-vend 90000 --days 7".split()
        drafted = said(
            office("allowance", "grant", str(folder), "TRAIN1", "ZAR", *bounds, "--by", "ada")
        )
        number = re.findall(r"\d+", drafted)[0]
        alone = office("pack", "approve", str(folder), number, "--by", "ada")
        assert (alone.returncode, "may not" in alone.stderr) == (1, True)
        said(office("pack", "approve", str(folder), number, "--by", "bea"))
        taken = run("office", "sync", *here)
        assert "allowance 1" in taken.stdout, taken.stdout + taken.stderr
        wished = said(
            office("allowance", "wish", str(folder), "TRAIN1", "ZAR", "500", "--by", "ada")
        )
        number = re.findall(r"\d+", wished)[0]
        digits = said(office("allowance", "code", str(folder), number, "--by", "bea")).strip()
        typed = run("office", "code", *digits.split(), *here)
        assert typed.returncode == 0, typed.stderr
        assert (
            run("sell", "--meter", HIGHVELD, "--amount", "60", "--shop", str(shop)).returncode == 0
        )
        run("office", "sync", *here)
        found = json.loads(said(office("findings", str(folder), "--json")))["findings"]
        assert found == []
        table = tmp_path / "sales.csv"
        said(office("export", str(folder), "2026-01-01", "2099-12-31", str(table)))
        assert table.read_text(encoding="utf-8").count("TRAIN1-1-") == 2
        assert "whole" in said(office("check", str(folder)))


def test_a_stick_carries_the_same_without_a_network(folder: Path, tmp_path: Path) -> None:
    shop = make_shop(tmp_path)
    here = ("--shop", str(shop), "--operator", "grace")
    place = tmp_path / "stick-office"
    said(office("init", str(place)))
    code = said(office("code", str(place), "TRAIN1")).strip()
    request, answer = str(tmp_path / "till.request"), str(tmp_path / "till.answer")
    assert run("office", "enrol", "--code", code, "--request", request, *here).returncode == 0
    said(office("enrol", str(place), request, answer))
    assert run("office", "enrol", "--answer", answer, *here).returncode == 0
    run("sell", "--meter", HIGHVELD, "--amount", "50", "--shop", str(shop))
    stick = tmp_path / "stick"
    stick.mkdir()
    assert run("office", "export", str(stick), *here).returncode == 0
    bundle = next(stick.glob("*.ttb"))
    for expected in (r"(\d+) new entries", "0 new entries"):
        assert re.search(expected, said(office("take", str(place), str(bundle))))
    said(office("pack", "draft", str(place), "TRAIN1", "--message", "Hello"))
    said(office("staff", "add", str(place), "bea", "Bea", "approver"))
    said(office("pack", "approve", str(place), "1", "--by", "bea"))
    said(office("pack", "export", str(place), "TRAIN1", "1", str(stick)))
    done = run("office", "import", str(stick), *here)
    assert "messages 1" in done.stdout, done.stderr


def test_what_cannot_be_is_told_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    refused = [
        (office("init", str(folder)), "already"),
        (office("tills", str(tmp_path / "nowhere")), "no head office"),
        (office("tills", str(folder), TOKENTILL_OFFICE_PASSPHRASE="wrong"), "passphrase"),
        (office("code", str(folder), "../x"), "cannot be called"),
        (office("init", str(tmp_path / "x"), "--database", "mysql://x"), "cannot be used"),
        (office("serve", str(folder), "--host", "0.0.0.0", "--plain"), "TLS"),  # noqa: S104
        (office("init", str(tmp_path / "y"), TOKENTILL_OFFICE_PASSPHRASE="1234"), "guess"),
    ]
    for done, sentence in refused:
        assert done.returncode == 1
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr
    again = office("init", str(tmp_path / "y"))
    assert again.returncode == 0, again.stderr


def test_the_server_of_another_certificate_is_not_spoken_to(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    said(office("init", str(other)))
    with serving(folder) as told:
        url = re.search(r"https://127\.0\.0\.1:\d+", told)
        assert url is not None
        import ssl

        trust = ssl.create_default_context(cafile=str(other / "tls" / "certificate.pem"))
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url[0]}/api/v1/time", verify=trust, trust_env=False)
