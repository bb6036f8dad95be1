"""Profiles of makers: what a display says, who says so, and no guess where makers differ."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.application.makers import MakerUnknown, fold, makers, read_display
from pos_app.domain.reject import Shown
from pos_app.resources import resource

FILES = sorted(resource("makers").glob("*.toml"))


def test_the_makers_named_in_the_brief_have_a_profile() -> None:
    wanted = {"conlog", "landis-gyr", "itron", "inhemeter", "hexing", "generic"}
    assert wanted <= set(makers())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_entry_has_a_known_meaning_a_text_and_a_public_source(path: Path) -> None:
    plan = tomllib.loads(path.read_text(encoding="utf-8"))
    assert plan["name"]
    seen: dict[str, str] = {}
    for entry in plan.get("shows", ()):
        assert set(entry) == {"means", "texts", "source"}
        assert Shown(entry["means"]) is not Shown.UNKNOWN
        assert entry["source"].startswith(("https://", "http://"))
        for text in entry["texts"]:
            assert fold(text), text
            assert seen.setdefault(fold(text), entry["means"]) == entry["means"], text


@pytest.mark.parametrize(
    ("text", "maker", "shown"),
    [
        ("AAAAA", "conlog", Shown.REJECTED),
        ("aaaaaaaa", "", Shown.REJECTED),
        ("ddddddd", "conlog", Shown.USED),
        ("DDDDD", "itron", Shown.DEFAULT_KEY),
        ("13", "conlog", Shown.REJECTED),
        ("Error 013", "conlog", Shown.REJECTED),
        ("10", "conlog", Shown.USED),
        ("16", "conlog", Shown.BUSY),
        ("rEJEct", "itron", Shown.REJECTED),
        ("OOOOO", "itron", Shown.OLD),
        ("UUUUU", "itron", Shown.USED),
        ("XXXXX", "itron", Shown.KEY_EXPIRED),
        ("EEEEE 13", "itron", Shown.REJECTED),
        ("Loc Out", "itron", Shown.LOCKED),
        ("a sad face", "landis-gyr", Shown.REJECTED),
        ("it says OLd", "hexing", Shown.OLD),
        ("0Ld", "", Shown.OLD),
        ("U5Ed", "", Shown.USED),
        ("Error 30", "", Shown.NO_LINK),
        ("the meter shows: used", "", Shown.USED),
        ("please enter 2nd", "", Shown.REST_OF_SET),
    ],
)
def test_what_a_display_means(text: str, maker: str, shown: Shown) -> None:
    assert read_display(text, maker).shown is shown


@pytest.mark.parametrize("text", ["DDDD", "13", "1", "EEEEE 02", "????", "", "banana"])
def test_what_makers_mean_differently_or_nobody_lists_is_not_guessed(text: str) -> None:
    assert read_display(text).shown is Shown.UNKNOWN


def test_makers_who_differ_are_named() -> None:
    assert set(read_display("dddddd").makers) == {"conlog", "itron"}
    assert read_display("13").makers == ("conlog",)
    assert read_display("banana").makers == ()


def test_an_unknown_maker_is_told_with_those_who_are_known() -> None:
    with pytest.raises(MakerUnknown) as caught:
        read_display("old", "acme")
    assert "conlog" in str(caught.value.facts["known"])


@given(st.text(max_size=80), st.sampled_from(["", *makers()]))
@settings(max_examples=200)
def test_any_text_is_read_without_harm(text: str, maker: str) -> None:
    assert read_display(text, maker).shown in Shown
