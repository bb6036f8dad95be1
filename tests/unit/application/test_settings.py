"""Settings: kept as they are set, and refused by name where they cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.adapters.system.errors import ShopFolderUnusable
from pos_app.adapters.system.settings_file import FILE_NAME, load_settings, save_settings
from pos_app.application.printing import PrinterSettings, SlipMode, Transport
from pos_app.application.settings import Settings, SettingsInvalid, SettingsUnreadable, Theme
from pos_app.application.words import languages
from pos_app.bootstrap.choices import ShopChoices

ADDRESSES = st.text(st.characters(exclude_categories=("C", "Zl", "Zp", "Zs")), max_size=200)
SETTINGS = st.builds(
    Settings,
    language=st.sampled_from(languages()),
    slip_language=st.sampled_from(("", *languages("slip"))),
    theme=st.sampled_from(Theme),
    printer=st.builds(
        PrinterSettings,
        transport=st.sampled_from(Transport),
        address=ADDRESSES,
        paper_mm=st.sampled_from((58, 80)),
        mode=st.sampled_from(SlipMode),
        cut=st.booleans(),
        open_drawer=st.booleans(),
    ),
)
DRAWN = Settings("ja", "ar", Theme.DARK, PrinterSettings(Transport.TCP, "10.0.0.9", 58))


@given(SETTINGS)
def test_what_is_set_is_read_back(settings: Settings) -> None:
    travelled = json.loads(json.dumps(settings.to_values()))
    assert Settings.from_values(travelled) == settings


@given(st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=3))
def test_whatever_stands_in_a_file_is_settings_or_refused(values: object) -> None:
    for held in (values, {"language": values}, {"printer": values}, {"printer": {"cut": values}}):
        outcome = read(held)
        if isinstance(outcome, Settings):
            assert read(outcome.to_values()) == outcome
        else:
            assert outcome.keys() == {"field", "value"}
            assert len(str(outcome["value"])) <= 40


def read(values: object) -> Settings | dict[str, object]:
    """Return the settings, or the facts of the refusal."""
    try:
        return Settings.from_values(values)
    except SettingsInvalid as refused:
        return refused.facts


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ([], "settings"),
        ("en", "settings"),
        ({"language": "xx"}, "language"),
        ({"language": "../en"}, "language"),
        ({"slip_language": 7}, "slip_language"),
        ({"theme": "pink"}, "theme"),
        ({"printer": []}, "printer"),
        ({"printer": {"transport": "pigeon"}}, "printer.transport"),
        ({"printer": {"address": "a\nb"}}, "printer.address"),
        ({"printer": {"address": "a" * 201}}, "printer.address"),
        ({"printer": {"paper_mm": 80.0}}, "printer.paper_mm"),
        ({"printer": {"paper_mm": True}}, "printer.paper_mm"),
        ({"printer": {"cut": 1}}, "printer.cut"),
        ({"printer": {"open_drawer": "yes"}}, "printer.open_drawer"),
        ({"printer": {"mode": None}}, "printer.mode"),
    ],
)
def test_what_cannot_be_is_refused_by_name(values: object, field: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.from_values(values)
    assert caught.value.facts["field"] == field


def test_what_is_not_set_has_a_default() -> None:
    assert Settings.from_values({}) == Settings()
    assert Settings.from_values({"printer": {"cut": False}}).printer == PrinterSettings(cut=False)


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    save_settings(tmp_path, DRAWN)
    save_settings(tmp_path, Settings())
    save_settings(tmp_path, DRAWN)
    assert load_settings(tmp_path) == DRAWN
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"nul"])
def test_a_file_that_is_none_is_told_by_its_path(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(SettingsUnreadable) as caught:
        load_settings(tmp_path)
    assert caught.value.facts == {"path": str(tmp_path / FILE_NAME)}


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(ShopFolderUnusable):
        load_settings(tmp_path)
    with pytest.raises(ShopFolderUnusable):
        save_settings(tmp_path, DRAWN)
    with pytest.raises(ShopFolderUnusable):
        save_settings(tmp_path / "nowhere", DRAWN)


def test_the_window_starts_with_defaults_where_nothing_can_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / FILE_NAME).write_bytes(b"{")
    in_the_way = tmp_path / "in the way"
    (in_the_way / FILE_NAME).mkdir(parents=True)
    for folder in (broken, in_the_way):
        assert ShopChoices(folder).load() == Settings()
    choices = ShopChoices(broken)
    choices.save(DRAWN)
    assert choices.load() == ShopChoices(broken).load() == DRAWN
