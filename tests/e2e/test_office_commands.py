"""Head office from the command line: online, by stick, over the telephone."""

from __future__ import annotations

import base64
import time
from pathlib import Path

from pos_app.exchange.allowance_code import Grant, write_allowance_code
from pos_app.exchange.bundle import read_bundle
from pos_app.exchange.enrolment import Office, answer_to, read_request
from pos_app.exchange.standing import Standing, State, write_standing
from tests.e2e.program import shop_of_today, tokentill
from tests.head_office import CODE, KEY, NAME, SECRET, TILL, PackPress, allowance
from tests.office_server import ScriptedOffice, serving

GRACE = ("--operator", "grace")


def test_a_till_is_enrolled_sends_and_takes_over_the_line(tmp_path: Path) -> None:
    shop, office = shop_of_today(tmp_path), ScriptedOffice()
    with serving(office) as url:
        done = tokentill(shop, "office", "enrol", url, "--code", CODE, *GRACE, "--json").json()
        assert (done["office"], done["url"]) == (NAME, url)
        press = PackPress(TILL)
        office.packs = [press.pack(allowance(2))]
        first = tokentill(shop, "office", "sync", "--json").json()
        assert first["sent"] == len(office.entries) > 0
        assert [pack["number"] for pack in first["packs"]] == [1]
        again = tokentill(shop, "office", "enrol", url, "--code", CODE, *GRACE)
        assert again.refusal().startswith("Head office refused (403): this code is used")
    down = tokentill(shop, "office", "sync")
    assert "does not answer" in down.refusal()
    status = tokentill(shop, "status", "--json").json()
    assert (status["office"]["pack"], status["office"]["office"]) == (1, NAME)
    assert list(status["office"]["freshness"]) == ["allowance"]


def test_a_till_that_was_copied_says_so_and_ends_with_1(tmp_path: Path) -> None:
    shop, office = shop_of_today(tmp_path), ScriptedOffice()
    with serving(office) as url:
        tokentill(shop, "office", "enrol", url, "--code", CODE, *GRACE, "--json").json()
        now_ms = int(time.time() * 1000)
        office.standing = write_standing(TILL, Standing(State.CLONED, 4, 1, now_ms), KEY)
        done = tokentill(shop, "office", "sync", "--json")
        assert (done.code, done.lines()[0]["journal"]["state"]) == (1, "cloned")
        assert "Two machines sell as this till" in done.err
        shown = tokentill(shop, "office", "status")
        assert shown.code == 1
        assert "Two machines sell as this till" in shown.err
        assert "Two machines sell as this till" in tokentill(shop, "status").out
        newer = base64.urlsafe_b64encode(b'{"format":"tokentill-standing","version":2}').decode()
        office.standing = newer
        assert "standing is of version 2" in tokentill(shop, "office", "sync").refusal()
        office.standing = write_standing(TILL, Standing(State.ONE, 0, 0, now_ms + 1), KEY)
        assert tokentill(shop, "office", "sync", "--json").json()["journal"]["state"] == "one"
    assert "journal" in tokentill(shop, "office", "status").out


def test_everything_goes_by_stick_and_by_telephone_without_a_line(tmp_path: Path) -> None:
    shop, stick = shop_of_today(tmp_path), tmp_path / "stick"
    stick.mkdir()
    asked, answered = stick / "TRAIN1-enrol.request", stick / "TRAIN1-enrol.answer"
    for _ in range(2):  # whoever is not sure may ask again
        tokentill(shop, "office", "enrol", "--code", CODE, "--request", str(stick), *GRACE)
    early = tokentill(shop, "office", "enrol", "--answer", str(stick), *GRACE)
    assert early.refusal().startswith("There is no answer for this till")
    request = read_request(asked.read_bytes())
    answered.write_bytes(answer_to(request, Office(KEY, NAME), SECRET, 5))
    done = tokentill(shop, "office", "enrol", "--answer", str(stick), *GRACE)
    assert done.out.startswith("This till is enrolled with Highveld Power")
    tokentill(shop, "sell", "--meter", "14123456783", "--amount", "50", "--tender", "cash:50")
    written = tokentill(shop, "office", "export", str(stick), "--json").json()
    with Path(written["file"]).open("rb") as file:
        kinds = [entry.kind for entry in read_bundle(file).entries]
    assert len(kinds) == written["last"]
    assert kinds[-1] == "sale"
    pack = PackPress(TILL).pack(allowance(2))
    (stick / "TRAIN1-000001.ttp").write_bytes(pack)
    (taken,) = tokentill(shop, "office", "import", str(stick), "--json").lines()
    assert (taken["number"], taken["again"]) == (1, False)
    assert "taken before" in tokentill(shop, "office", "import", str(stick)).out
    code = write_allowance_code(Grant(1, "ZAR", 200, 7), TILL, SECRET)
    granted = tokentill(shop, "office", "code", *code.split(), "--json").json()
    assert granted == {"currency": "ZAR", "amount": "200.00", "days": 7}
    assert "each code counts once" in tokentill(shop, "office", "code", code).refusal()


def test_what_cannot_be_is_said_in_a_sentence(tmp_path: Path) -> None:
    shop = shop_of_today(tmp_path)
    assert "knows no head office" in tokentill(shop, "office", "sync").refusal()
    assert "knows no head office" in tokentill(shop, "office", "export", str(tmp_path)).refusal()
    clear = tokentill(shop, "office", "enrol", "http://office.example", "--code", CODE, *GRACE)
    assert "no address to trust" in clear.refusal()
    typo = tokentill(shop, "office", "enrol", "https://office.example", "--code", "1234", *GRACE)
    assert "no enrolment code" in typo.refusal()
    assert "cannot be read" in tokentill(shop, "office", "import", "/no/such").refusal()
