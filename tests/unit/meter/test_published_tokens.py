"""Published tokens, keyed into a meter that holds the published key, do what was published."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.meter.device import Enter, step
from pos_app.meter.profile import (
    GRAINS_PER_HUNDRED_THOUSANDTH,
    GRAINS_PER_TENTH,
    MeterProfile,
)
from pos_app.meter.results import Result
from pos_app.meter.state import HeldKey, Meter, new_meter
from pos_app.sts.amounts import encodable_currency, encodable_units
from pos_app.sts.keys import DecoderKey
from pos_app.sts.vectors import Fields, key_of
from tests.unit.meter.meters import DRN, NOON, done, money_meter, profile

DATA = Path(__file__).parents[2] / "data" / "sts"
UNLIMITED = 10**60
Vector = dict[str, Any]


def vectors(kind: str) -> list[Vector]:
    found = []
    for path in sorted(DATA.glob("*.json")):
        found += json.loads(path.read_text("utf-8"))["vectors"]
    return [each for each in found if each["kind"] == kind]


def meter_for(vector: Vector, profiled: MeterProfile, key: DecoderKey | None = None) -> Meter:
    if key is None:
        key = key_of(Fields(vector)) if "key" in vector else DecoderKey(bytes(8))
    # an initialisation key may change to a key of any type, so every first section is taken
    kt = 0 if vector.get("type", "").startswith("kct") else 2
    held = HeldKey(key, "201457", 1, kt, 1, 255, 2014)
    fresh = new_meter(DRN, profiled, held, NOON, 0)
    return replace(fresh, state=replace(fresh.state, credit=7, tamper="cover"))


def credit_meter(sub: int) -> MeterProfile:
    if sub < 4:
        return profile(service=sub, max_credit=UNLIMITED)
    return money_meter(service=sub - 4, max_credit=UNLIMITED)


def expect_credit(vector: Vector) -> tuple[Meter, Result, Callable[[Meter], object], object]:
    args = {name: int(value) for name, value in vector["args"].items()}
    if vector["type"] == "credit":
        grains = encodable_units(args["units"]) * GRAINS_PER_TENTH
    else:
        grains = encodable_currency(args["units"]) * GRAINS_PER_HUNDRED_THOUSANDTH
    fresh = meter_for(vector, credit_meter(args["sub"]))
    return fresh, Result.ACCEPT, lambda meter: meter.state.credit, grains + 7


def expect_limit(vector: Vector) -> tuple[Meter, Result, Callable[[Meter], object], object]:
    watts = encodable_units(int(vector["args"]["watts"]))
    fresh = meter_for(vector, profile(phases=3))
    if vector["type"] == "max_power_limit":
        return fresh, Result.ACCEPT, lambda meter: meter.state.limit_w, watts
    return fresh, Result.ACCEPT, lambda meter: meter.state.unbalance_w, watts


def expect_clear(vector: Vector) -> tuple[Meter, Result, Callable[[Meter], object], object]:
    register = int(vector["args"]["register"])
    fresh = meter_for(vector, credit_meter(register if register < 8 else 0))
    known = register < 8 or register == 0xFFFF
    result = Result.ACCEPT if known else Result.RANGE
    return fresh, result, lambda meter: meter.state.credit, 0 if known else 7


def expect_tamper(vector: Vector) -> tuple[Meter, Result, Callable[[Meter], object], object]:
    return meter_for(vector, profile()), Result.ACCEPT, lambda meter: meter.state.tamper, ""


def expect_factor(vector: Vector) -> tuple[Meter, Result, Callable[[Meter], object], object]:
    factor = int(vector["args"]["factor"])
    fresh = meter_for(vector, profile(service=1))
    return fresh, Result.ACCEPT, lambda meter: meter.state.water_factor, factor


def expect_refusal(vector: Vector) -> tuple[Meter, Result, Callable[[Meter], object], object]:
    """No public text says what these mean to a meter."""
    return meter_for(vector, profile()), Result.FUNCTION, lambda meter: meter.state.credit, 7


def expect_section(vector: Vector) -> tuple[Meter, Result, Callable[[Meter], object], object]:
    result = {
        "kct1": Result.FIRST_KCT,
        "kct2": Result.SECOND_KCT,
        "kct3": Result.THIRD_KCT,
        "kct4": Result.FOURTH_KCT,
    }[vector["type"]]
    fresh = meter_for(vector, profile())
    return fresh, result, lambda meter: meter.state.held == fresh.state.held, True


EXPECTED = {
    "credit": expect_credit,
    "currency": expect_credit,
    "max_power_limit": expect_limit,
    "max_phase_unbalance": expect_limit,
    "clear_credit": expect_clear,
    "clear_tamper": expect_tamper,
    "water_meter_factor": expect_factor,
    "tariff_rate": expect_refusal,
    "extended_set": expect_refusal,
    "kct1": expect_section,
    "kct2": expect_section,
    "kct3": expect_section,
    "kct4": expect_section,
}
TOKENS = [each for each in vectors("token") if each["type"] != "meter_test"]
TESTS = [each for each in vectors("token") if each["type"] == "meter_test"]
SETS = vectors("kct_set")
OPERATIONAL = [each for each in TOKENS if each.get("tables", "operational") == "operational"]


def test_there_are_published_tokens_of_every_kind() -> None:
    assert {each["type"] for each in OPERATIONAL} == EXPECTED.keys()
    assert len(OPERATIONAL) > 280
    assert len(TESTS) > 15
    assert len(SETS) >= 6


@pytest.mark.parametrize("vector", OPERATIONAL, ids=lambda each: str(each["id"]))
def test_a_published_token_does_what_it_says(vector: Vector) -> None:
    fresh, result, read, expected = EXPECTED[vector["type"]](vector)
    after, answer = step(fresh, Enter(vector["expect"]))
    assert answer.result is result
    assert read(after) == expected
    tid = int(vector["args"].get("tid", -1))
    assert (tid in after.state.tids) == (result is Result.ACCEPT)
    if result is Result.ACCEPT:
        _, again = step(after, Enter(vector["expect"]))
        assert again.result is Result.USED


@pytest.mark.parametrize("vector", OPERATIONAL, ids=lambda each: str(each["id"]))
def test_no_other_meter_takes_it(vector: Vector) -> None:
    fresh, *_ = EXPECTED[vector["type"]](vector)
    secret = fresh.state.held.key.reveal()
    other = DecoderKey(bytes([secret[0] ^ 0x10]) + secret[1:])
    stranger = replace(fresh, state=replace(fresh.state, held=replace(fresh.state.held, key=other)))
    after, answer = step(stranger, Enter(vector["expect"]))
    assert answer.result is Result.CRC
    assert after.state.credit == 7


@pytest.mark.parametrize("vector", SETS, ids=lambda each: str(each["id"]))
def test_a_published_set_changes_the_whole_key_at_its_last_token(vector: Vector) -> None:
    old, new = (key_of(Fields(vector), name) for name in ("old_key", "new_key"))
    args = vector["args"]
    before = meter_for(vector, profile(), old)
    after, answers = done(before, *(Enter(digits) for digits in vector["expect"]))
    assert [each.result for each in answers[:-1]] == [
        Result.FIRST_KCT,
        Result.SECOND_KCT,
        Result.THIRD_KCT,
    ][: len(answers) - 1]
    assert answers[-1].result is Result.ACCEPT
    held = after.state.held
    assert held.key == new
    assert (held.ken, held.krn, held.kt, held.ti) == tuple(
        int(args[name]) for name in ("ken", "krn", "kt", "ti")
    )
    assert held.sgc == (str(args["sgc"]).zfill(6) if int(args["tokens"]) > 2 else "000000")
    assert (held.base == 2035) == bool(int(args["ro"]))
    assert after.state.credit == 7
    _, late = step(after, Enter(vector["expect"][0]))
    assert late.result is Result.CRC  # it was made under the old key


@pytest.mark.parametrize("vector", TESTS, ids=lambda each: str(each["id"]))
def test_a_published_test_is_run_without_any_key(vector: Vector) -> None:
    args = {name: int(value) for name, value in vector["args"].items()}
    fresh = meter_for(vector, profile(manufacturer=args["mfr"]))
    known = [n for n in (*range(1, 13), *range(14, 19)) if args["control"] >> (n - 1) & 1]
    after, answer = step(fresh, Enter(vector["expect"]))
    assert len(answer.shown) == len(known)
    assert answer.result is (Result.ACCEPT if known else Result.FUNCTION)
    assert after.state.tids == fresh.state.tids


def test_a_makers_own_test_is_refused_by_a_meter_of_another() -> None:
    owned = next(each for each in TESTS if int(each["args"]["mfr"]))
    fresh = meter_for(owned, profile(manufacturer=int(owned["args"]["mfr"]) + 1))
    assert step(fresh, Enter(owned["expect"]))[1].result is Result.MANUFACTURER


def test_a_test_of_every_maker_is_for_a_meter_of_each() -> None:
    fresh = meter_for({}, profile(manufacturer=55))
    assert step(fresh, Enter("1844 6744 0738 4377 2416"))[1].result is Result.ACCEPT


LISTED = {
    "0000 0000 0001 5099 7584": "load-switch",
    "0000 0000 0001 6777 4880": "display",
    "0000 0000 0002 0132 8896": "totals",
    "1844 6744 0738 4377 2416": "key-revision",
    "3689 3488 1475 5332 2496": "tariff-index",
    "0000 0000 0012 0797 4400": "power-limit",
}


@pytest.mark.parametrize("digits", LISTED)
def test_a_number_from_a_makers_printed_list_shows_what_the_list_says(digits: str) -> None:
    fresh = meter_for({}, profile())
    answer = step(fresh, Enter(digits))[1]
    assert [shown.name for shown in answer.shown] == [LISTED[digits]]


def test_the_printed_number_of_all_tests_runs_them_all() -> None:
    answer = step(meter_for({}, profile()), Enter("5649 3153 7254 5031 3471"))[1]
    assert answer.result is Result.ACCEPT
    assert len(answer.shown) == 17
