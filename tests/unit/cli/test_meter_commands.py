"""Commands of the virtual meters inside this process: choices, kinds of meter, and refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pos_app.cli.main import cli
from tests.shops import HIGHVELD, LAGOON, LAKESIDE, make_shop

UNKNOWN = "14000000019"
SHOWS_REVISION = "18446744073843772416"


def said(shop: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["meter", *arguments], env={"TOKENTILL_SHOP": str(shop)})


def answered(shop: Path, *arguments: str) -> Any:
    return json.loads(said(shop, *arguments, "--json").stdout)


def refused(shop: Path, *arguments: str) -> str:
    ran = said(shop, *arguments)
    (sentence,) = ran.stderr.splitlines()
    assert ran.exit_code == 1
    return sentence


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a virtual meter of each utility."""
    shop = make_shop(tmp_path_factory.mktemp("model"))
    for drn in (HIGHVELD, LAGOON, LAKESIDE):
        assert said(shop, "new", "--meter", drn).exit_code == 0
    return shop


@pytest.fixture
def shop(model: Path, tmp_path: Path) -> Path:
    shutil.copytree(model, tmp_path / "shop")
    return tmp_path / "shop"


def without(shop: Path, *drns: str) -> None:
    for drn in drns:
        (shop / "meters" / f"{drn}.json").unlink()


def test_the_only_meter_need_not_be_named(shop: Path) -> None:
    assert HIGHVELD in refused(shop, "show")
    without(shop, LAGOON, LAKESIDE)
    assert HIGHVELD in said(shop, "show").stdout


def test_a_shop_without_virtual_meters_says_how_to_make_one(shop: Path) -> None:
    shutil.rmtree(shop / "meters")
    assert "tokentill meter new" in said(shop, "list").stdout
    assert answered(shop, "list") == {"meters": []}


def test_a_money_meter_is_loaded_per_phase(shop: Path) -> None:
    without(shop, HIGHVELD)
    made = answered(shop, "new", "--meter", HIGHVELD, "--profile", "money")
    assert made["face"]["currency"] == "ZAR"
    for typed, loads in (("100,200,300", [100, 200, 300]), ("1000", [334, 333, 333])):
        run = ("run", "--minutes", "1", "--load", typed, "--meter", HIGHVELD)
        assert answered(shop, *run)["face"]["loads"] == loads


@pytest.mark.parametrize("kind", ["electricity", "gas", "money", "time", "water"])
def test_a_meter_of_every_kind_is_made_lives_and_shows_itself(shop: Path, kind: str) -> None:
    without(shop, HIGHVELD)
    assert said(shop, "new", "--meter", HIGHVELD, "--profile", kind).exit_code == 0
    lived = said(shop, "run", "--hours", "30", "--load", "300", "--meter", HIGHVELD)
    assert "off because of: no credit" in lived.stdout
    for act in ("emergency", "power-off", "power-on", "magnet", "jam-closed", "mend", "button"):
        assert said(shop, "do", act, "--meter", HIGHVELD).exit_code == 0, act
    shown = said(shop, "show", "--meter", HIGHVELD).stdout
    assert "tamper; a clear-tamper token is needed" in shown
    assert "mains back" in shown


def test_days_and_tokens_can_be_browsed(shop: Path) -> None:
    drn = ("--meter", HIGHVELD)
    assert "Nothing yet" in said(shop, "history", *drn).stdout
    said(shop, "enter", "1" * 20, *drn)
    said(shop, "do", "jam-closed", *drn)
    said(shop, "run", "--hours", "1500", "--load", "1000", *drn)
    kept = answered(shop, "history", *drn)
    assert {day["use"] for day in kept["days"][1:]} == {"24.000000000"}
    assert [month["period"] for month in kept["months"]] == ["2026-11", "2026-12"]
    assert kept["months"][1]["use"] == "744.000000000"
    assert [token["result"] for token in kept["tokens"]] == ["crc"]
    told = said(shop, "history", *drn).stdout
    assert "2026-12: used 744.00 kWh" in told
    assert "mistyped" in told


def test_a_meter_on_another_base_date_or_key_is_made_on_request(shop: Path) -> None:
    without(shop, HIGHVELD, LAKESIDE)
    old = answered(shop, "new", "--meter", HIGHVELD, "--base", "1993", "--krn", "3", "--ken", "255")
    assert (old["key"]["base"], old["key"]["krn"]) == (1993, 3)
    des = answered(shop, "new", "--meter", LAKESIDE, "--ti", "0")
    assert des["key"]["ti"] == 0
    assert "KRN / KT: 3 / 2" in said(shop, "enter", SHOWS_REVISION, "--meter", HIGHVELD).stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("new", "--meter", HIGHVELD), "meter-file-exists"),
        (("new", "--meter", HIGHVELD, "--profile", "steam"), "meter-profile-missing"),
        (("new", "--meter", HIGHVELD, "--profile", "no.toml"), "meter-profile-missing"),
        (("new", "--meter", UNKNOWN), "meter-unknown"),
        (("show", "--meter", "../../etc/passwd"), "drn-invalid"),
        (("show", "--meter", "14123456784"), "drn-check-digit"),
        (("show", "--meter", "12345678903"), "meter-file-missing"),
        (("run", "--load", "-1", "--meter", HIGHVELD), "meter-load"),
        (("run", "--load", "1,2", "--meter", HIGHVELD), "meter-load"),
        (("run", "--load", "٣", "--meter", HIGHVELD), "meter-load"),
        (("run", "--load", "", "--meter", HIGHVELD), "meter-load"),
        (("run", "--load", "9" * 40, "--meter", HIGHVELD), "meter-load"),
        (("run", "--hours", "-1", "--meter", HIGHVELD), "meter-time"),
        (("run", "--hours", "1e99", "--meter", HIGHVELD), "meter-time"),
        (("run", "--minutes", "NaN", "--meter", HIGHVELD), "meter-time"),
        (("run", "--hours", "9e4", "--minutes", "9e6", "--meter", HIGHVELD), "meter-time"),
    ],
)
def test_what_is_mistyped_gets_a_sentence(
    model: Path, arguments: tuple[str, ...], code: str
) -> None:
    ran = said(model, *arguments, "--json")
    told = json.loads(ran.stdout)["error"]
    assert (told["code"], ran.exit_code) == (code, 1)
    assert ran.stderr == told["message"] + "\n"


@pytest.mark.parametrize("typed", ["", "12", "x" * 20, "9" * 20, "1" * 21, "\udcff" * 20])
def test_what_is_no_token_gets_a_sentence_and_changes_nothing(shop: Path, typed: str) -> None:
    before = (shop / "meters" / f"{HIGHVELD}.json").read_bytes()
    assert "20 digits" in refused(shop, "enter", typed, "--meter", HIGHVELD)
    assert (shop / "meters" / f"{HIGHVELD}.json").read_bytes() == before


def test_a_broken_file_and_a_broken_profile_get_a_sentence(shop: Path, tmp_path: Path) -> None:
    path = shop / "meters" / f"{HIGHVELD}.json"
    path.write_text("{}")
    assert "not a virtual meter" in refused(shop, "show", "--meter", HIGHVELD)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("phases = 9")
    path.unlink()
    assert "phases" in refused(shop, "new", "--meter", HIGHVELD, "--profile", str(wrong))
    wrong.write_bytes(b"\xff\xfe")
    assert "wrong.toml" in refused(shop, "new", "--meter", HIGHVELD, "--profile", str(wrong))


def test_a_shop_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "none" in refused(tmp_path / "none", "show")
    assert list(tmp_path.iterdir()) == []
