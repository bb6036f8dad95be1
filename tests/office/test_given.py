"""What people give to head office's commands: wrong words, numbers, files and folders."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from pos_app.exchange.hpke import public_of
from pos_app.exchange.key_file import KeyRequest, write_key_file
from pos_app.exchange.pack import Section
from pos_app.head_office.certificate import facts_of, own_certificate
from pos_app.head_office.codes import AllowanceCodes, CodeWish
from pos_app.head_office.given_errors import KeysOfAnother, RecordUnfit
from pos_app.head_office.packing import Wish
from pos_app.head_office.rooms import Rooms
from tests.office import test_commands
from tests.office.makers import DRN, NOW_MS, MadeTill
from tests.office.packs import allowance, message
from tests.office.seen import rows
from tests.office.test_commands import Office, said

office = test_commands.office
HUGE = "9" * 30
WORD = {"id": "1", "text": "x", "from_ms": 0, "until_ms": 1}
UNFIT: list[tuple[Section, Any, str]] = [
    (Section.MESSAGES, 5, "object"),
    (Section.MESSAGES, WORD | {"text": "x" * 401}, "text"),
    (Section.MESSAGES, WORD | {"more": 1}, "fields"),
    (Section.BLOCKS, {"drn": "14123456784", "reason": "x"}, "drn"),
    (Section.BLOCKS, {"drn": DRN, "reason": "x" * 201}, "reason"),
    (Section.TID_SLOTS, {"residue": 9, "modulus": 8}, "residue"),
    (Section.TID_SLOTS, {"residue": 0, "modulus": 0}, "modulus"),
    (Section.ALLOWANCE, allowance(1) | {"currency": "zar"}, "currency"),
    (Section.ALLOWANCE, allowance(-1), "money_minor"),
    (Section.ALLOWANCE, allowance(1) | {"sequence": 99}, "sequence"),
    (Section.OPERATORS, {"id": "ama", "retired": False}, "retired"),
    (Section.OPERATORS, {"id": "a", "name": "A", "role": "king", "pin_verifier": "x"}, "pin_verif"),
    (Section.METERS, {"drn": DRN}, "fields"),
    (Section.METERS, {"drn": DRN, "remove": "yes"}, "remove"),
    (Section.ELSEWHERE, {"drn": DRN, "month": "2026-13", "tenths": 1}, "month"),
    (Section.SETTINGS, {"name": "colour", "value": {}}, "name"),
    # Only the server says how far it holds a journal, and what became of a proposal.
    (Section.ACKNOWLEDGEMENT, {"at_ms": 0, "hash": "00" * 32, "seq": 9}, "section"),
    (Section.PROPOSALS, {"seq": 1, "accepted": True, "note": ""}, "section"),
]


def test_no_record_is_drafted_that_a_till_would_set_aside(rooms: Rooms, till: MadeTill) -> None:
    for section, record, problem in UNFIT:
        with pytest.raises(RecordUnfit) as refused:
            rooms.packing.draft(Wish(till.name, [*message("good"), (section, record)]), "ada")
        facts = refused.value.facts
        assert (facts["record"], facts["section"]) == (2, section.value)
        assert str(facts["problem"]).startswith(problem)
    assert rows(rooms, "select count(*) from draft") == [(0,)]


def test_a_code_is_for_a_currency_and_keys_are_for_their_own_till(
    rooms: Rooms, till: MadeTill
) -> None:
    with pytest.raises(RecordUnfit):
        AllowanceCodes(rooms.office).wish(CodeWish(till.name, "Rand", 100), "ada")
    made = KeyRequest("TILL8", "Shop", "training", 0, bytes(32), public_of(till.private))
    file = write_key_file(made, [({}, bytes(16))], 1, 0, till.key).decode()
    with pytest.raises(KeysOfAnother):
        rooms.packing.draft(Wish(till.name, [(Section.KEYS, {"file": file})]), "ada")


def told(office: Office, *words: str | Path, **more: str) -> str:
    """Run what has to be refused; return its sentence."""
    done = office(*words, **more)
    assert done.exit_code in {1, 2}, (words, done.output)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.stderr.strip()
    assert "Traceback" not in done.output
    return done.stderr


def test_files_that_are_none_are_told_and_nothing_is_drafted(
    office: Office, tmp_path: Path
) -> None:
    folder, file = tmp_path / "office", tmp_path / "file"
    said(office("init", folder))
    for who, role in (("ada", "issuer"), ("bea", "approver")):
        said(office("staff", "add", folder, who, who.title(), role))
    ada = ("--by", "ada")
    for raw in (b"\xff\xfe", b"[" * 100_000, b"x", b"[1]", b'{"record":{}}', b'{"section":"x"}'):
        file.write_bytes(raw)
        sentence = told(office, "pack", "draft", folder, "T1", "--records", file, *ada)
        assert "Line 1 of the records" in sentence or "no text" in sentence
    file.write_bytes(b'{"section":"allowance","record":{"money_minor":' + b"9" * 5000 + b"}}")
    assert "Line 1" in told(office, "pack", "draft", folder, "T1", "--records", file, *ada)
    for raw in (b"\xff", b"", b"[" * 100_000, b"hello"):
        file.write_bytes(raw)
        for kind in ("--tariff", "--accounts", "--keys"):
            told(office, "pack", "draft", folder, "T1", kind, file, *ada)
        for command in ("take", "meters", "keys", "enrol"):
            told(office, command, folder, file)
    assert "No draft" in said(office("pack", "list", folder))


def test_a_stick_with_one_bad_bundle_gives_the_others(office: Office, tmp_path: Path) -> None:
    folder, bad, gone = tmp_path / "office", tmp_path / "bad.ttb", tmp_path / "gone.ttb"
    bad.write_bytes(b"x")
    said(office("init", folder))
    sentence = told(office, "take", folder, bad, gone)
    assert "bad.ttb: " in sentence
    assert "gone.ttb: " in sentence
    assert "Missing argument" in told(office, "take", folder)


def test_numbers_and_names_that_cannot_be_are_told(office: Office, tmp_path: Path) -> None:
    folder, csv = tmp_path / "office", tmp_path / "x.csv"
    said(office("init", folder))
    said(office("staff", "add", folder, "bea", "Bea", "approver"))
    grant = ("--tenths", "1", "--count", "1", "--per-vend", "1", "--by", "bea")
    asked: list[tuple[str, tuple[str | Path, ...]]] = [
        ("cannot hold", ("pack", "approve", folder, HUGE, "--by", "bea")),
        ("cannot hold", ("allowance", "code", folder, HUGE, "--by", "bea")),
        ("cannot hold", ("findings", folder, "--settle", HUGE, "--note", "x")),
        ("cannot hold", ("proposal", "answer", folder, "T1", HUGE, "--by", "bea")),
        ("proposes nothing", ("proposal", "answer", folder, "T1", "4", "--by", "bea")),
        ("set aside", ("aside", "show", folder, "T1", "x")),
        ("set aside", ("aside", "retry", folder, "T1", "x")),
        ("note", ("findings", folder, "--settle", "1")),
        ("range", ("code", folder, "T1", "--hours", "-5")),
        (
            "range",
            ("allowance", "grant", folder, "T1", "ZAR", "--money", "-1", "--days", "1", *grant),
        ),
        (
            "range",
            ("allowance", "grant", folder, "T1", "ZAR", "--money", "1", "--days", "0", *grant),
        ),
        ("name", ("staff", "add", folder, "x", " ", "issuer")),
        ("name", ("staff", "add", folder, "x", "\u202e", "issuer")),
        ("name", ("token", "add", folder, "")),
        ("name", ("init", tmp_path / "other", "--name", "")),
        ("--by", ("pack", "draft", folder, "T1", "--message", "x")),
        ("before", ("export", folder, "2026-11-30", "2026-11-01", csv)),
        ("Write days like", ("export", folder, "20261101", "20261130", csv)),
        ("enrolled", ("export", folder, "2026-11-01", "2026-11-30", csv, "--till", "nobody")),
    ]
    for sentence, words in asked:
        assert sentence in told(office, *words), words
    assert not csv.exists()


def test_a_folder_that_holds_something_else_is_told(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    (folder / "office.json").write_text(json.dumps({"database": ""}))
    (folder / "office.sqlite").write_bytes(b"no database" * 1000)
    assert "cannot be used" in told(office, "tills", folder)
    for database in ("postgresql://user:hidden@host:99x/name", "nonsense", "mysql://x"):
        (folder / "office.json").write_text(json.dumps({"database": database}))
        assert "hidden" not in told(office, "tills", folder)
    (folder / "office.json").write_text(json.dumps({"database": ""}))
    (folder / "office.sqlite").unlink()
    assert "office.sqlite is not there" in told(office, "tills", folder)
    assert not (folder / "office.sqlite").exists()
    assert "no head office" in told(office, "serve", tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_server_that_cannot_start_says_why_before_it_asks(office: Office, tmp_path: Path) -> None:
    folder, junk = tmp_path / "office", tmp_path / "junk"
    junk.write_bytes(b"x")
    said(office("init", folder))
    tls = own_certificate(folder / "tls", (), NOW_MS)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        sentence = told(office, "serve", folder, "--port", port)
        assert sentence.startswith("The server cannot listen on 127.0.0.1")
    for words in (
        ("--port", "65536"),
        ("--host", "192.0.2.1", "--port", "0"),
        ("--certificate", tls.certificate, "--key", junk, "--port", "0"),
        ("--hook-certificate", junk, "--port", "0"),
        ("--hook-network", "x", "--port", "0"),
        ("--url", "javascript:x", "--port", "0"),
    ):
        told(office, "serve", folder, *words)


def test_the_own_certificate_is_made_anew_only_for_a_server_that_no_till_trusts(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "an office"
    said(office("init", folder))
    file = folder / "tls" / "certificate.pem"
    with test_commands.serving(folder, "--url", "https://sales.example", "--code", "T1") as told_:
        assert "sales.example" in facts_of(file).names
        assert f"--certificate '{file.resolve()}'" in told_  # a path with a space, as typed
    before = file.read_bytes()
    test_commands.take_from_another_till(office, folder, tmp_path)
    with test_commands.serving(folder, "--url", "https://other.example", stderr=True) as told_:
        assert "the server listens on other.example" in told_
    assert file.read_bytes() == before


def test_a_folder_that_was_open_to_others_does_not_open_the_database(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "office"
    folder.mkdir(mode=0o755)
    said(office("init", folder))
    found = {each.name: oct(each.stat().st_mode & 0o077) for each in folder.iterdir()}
    assert set(found.values()) == {"0o0"}, found


def test_a_till_and_the_server_show_the_same_key_to_compare(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    made = said(office("init", folder)).splitlines()[0].rsplit(": ", 1)[1]
    assert len(made.replace(" ", "")) == 32
    assert made in said(office("check", folder))
