"""A virtual meter on disk: whole at every moment, and told in a sentence where it cannot be."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from pos_app.adapters.meters.errors import (
    MeterFileBroken,
    MeterFileExists,
    MeterFileMissing,
    MeterFileUnusable,
    MeterInUse,
)
from pos_app.adapters.meters.files import MeterFile, meters_in
from pos_app.meter.device import Enter, Live, VirtualMeter
from pos_app.meter.results import Result
from pos_app.meter.state import Meter
from pos_app.sts.tokens import CreditToken, KeyChange, encode, key_change_set
from tests.unit.meter.meters import DRN, KEY, KWH, TID, lived, meter, money_meter

NEW_KEY = type(KEY)(bytes.fromhex("0123456789abcdef"))


@contextmanager
def opened(folder: Path) -> Iterator[MeterFile]:
    file = MeterFile(folder, DRN)
    try:
        yield file
    finally:
        file.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with opened(tmp_path / "meters") as file:
        file.create(meter())
    return tmp_path / "meters"


def kept(folder: Path) -> Meter:
    with opened(folder) as file:
        return file.load()


def test_a_meter_comes_back_as_it_was(folder: Path) -> None:
    assert kept(folder) == meter()
    assert meters_in(folder) == [DRN]
    with opened(folder) as file:
        busy = lived(meter(money_meter(), credit=KWH), 90_000, 300)
        file.save(busy)
        assert file.load() == busy


@pytest.mark.skipif(os.name == "nt", reason="rights of files are POSIX here")
def test_only_its_owner_reads_a_meter(folder: Path) -> None:
    mode = stat.S_IMODE((folder / f"{DRN}.json").stat().st_mode)
    assert mode == 0o600


class PowerLoss(BaseException):
    """The machine goes dark: nothing after this runs, nothing cleans up."""


def steps_of_saving(monkeypatch: pytest.MonkeyPatch, dies_at: int) -> Callable[[], int]:
    """Let the `dies_at`-th call to the operating system be the last; count the calls.

    Positive: it dies before the call, a write halfway through; negative: right after it.
    """
    count = 0

    def guarded(name: str) -> Callable[..., Any]:
        call = getattr(os, name)

        def guard(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            if count == dies_at:
                if name == "write":
                    call(args[0], args[1][: len(args[1]) // 2])
                raise PowerLoss
            done = call(*args, **kwargs)
            if count == -dies_at:
                raise PowerLoss
            return done

        return guard

    for name in ("open", "write", "fsync", "replace", "close"):
        monkeypatch.setattr(os, name, guarded(name))
    return lambda: count


STEPS = (*range(-10, 0), *range(1, 11))


@pytest.mark.parametrize("dies_at", STEPS)
def test_power_lost_at_any_step_of_storing_credits_a_token_exactly_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    digits = encode(CreditToken(0, 250, TID, 5), KEY)
    with opened(folder) as file:
        device = VirtualMeter(file)
        told = None
        with monkeypatch.context() as patched:
            count = steps_of_saving(patched, dies_at)
            with suppress(PowerLoss):
                told = device.do(Enter(digits)).result
            assert count() < max(STEPS)
    assert told in (None, Result.ACCEPT)
    after = kept(folder)
    assert after.state.credit == (25 * KWH if TID in after.state.tids else 0)
    if told is Result.ACCEPT:
        assert TID in after.state.tids
    with opened(folder) as file:
        again = VirtualMeter(file)
        result = again.do(Enter(digits)).result
        assert result is (Result.USED if TID in after.state.tids else Result.ACCEPT)
        assert again.meter.state.credit == 25 * KWH


def test_power_lost_while_a_key_change_is_stored_leaves_the_old_key_or_the_new_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = KeyChange(NEW_KEY, 255, 2, 2, 7, "654321", roll_over=True, tokens=2)
    first, second = (encode(each, KEY) for each in key_change_set(change))
    seen = set()
    original = (folder / f"{DRN}.json").read_bytes()
    for dies_at in STEPS:
        (folder / f"{DRN}.json").write_bytes(original)
        with opened(folder) as file:
            device = VirtualMeter(file)
            device.do(Enter(first))
            with monkeypatch.context() as patched:
                steps_of_saving(patched, dies_at)
                with suppress(PowerLoss):
                    device.do(Enter(second))
        state = kept(folder).state
        seen.add(state.held.krn)
        if state.held.key == NEW_KEY:
            assert (state.held.ti, set(state.tids), state.staging) == (7, {0}, None)
        else:
            assert (state.held.krn, state.staging is None) == (1, False)
    assert seen == {1, 2}


def test_what_cannot_be_stored_was_not_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digits = encode(CreditToken(0, 250, TID, 5), KEY)
    with opened(folder) as file:
        device = VirtualMeter(file)

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            with pytest.raises(MeterFileUnusable) as refused:
                device.do(Enter(digits))
        assert refused.value.facts["reason"] == "No space left on device"
        assert device.meter == meter()
        assert device.do(Enter(digits)).result is Result.ACCEPT
    assert kept(folder).state.credit == 25 * KWH


def test_a_meter_is_open_in_one_program_at_a_time(folder: Path) -> None:
    with opened(folder), pytest.raises(MeterInUse):
        MeterFile(folder, DRN)


def test_a_meter_is_never_written_over_by_a_new_one(folder: Path) -> None:
    with opened(folder) as file, pytest.raises(MeterFileExists):
        file.create(meter())


def test_a_meter_that_is_not_there_is_missed(tmp_path: Path) -> None:
    with opened(tmp_path / "none") as file, pytest.raises(MeterFileMissing):
        file.load()
    assert meters_in(tmp_path / "nowhere") == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(MeterFileUnusable):
        MeterFile(tmp_path / "file", DRN)


def damaged(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return a meter's file with its values changed."""
    from pos_app.meter.stored import values_of_meter  # noqa: PLC0415

    values = values_of_meter(meter(money_meter()))
    change(values)
    return json.dumps(values).encode()


def in_state(name: str, value: object) -> bytes:
    return damaged(lambda values: values["meter"]["state"].update({name: value}))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 5000,
        b"null",
        b'{"format": 2}',
        b'{"format": 1, "meter": 7}',
        damaged(lambda values: values["meter"].pop("drn")),
        damaged(lambda values: values["meter"].update(more=1)),
        damaged(lambda values: values["meter"]["profile"].update(prices=None)),
        damaged(lambda values: values["meter"]["profile"]["prices"]["bands"].clear()),
        damaged(lambda values: values["meter"]["state"]["held"].update(key="00")),
        damaged(lambda values: values["meter"]["state"]["held"].update(key="zz" * 8)),
        damaged(lambda values: values["meter"]["state"]["held"].update(key=5)),
        in_state("credit", "1"),
        in_state("credit", 1.5),
        in_state("closed", 1),
        in_state("tids", [1] * 49),
        in_state("tids", [*range(49, -1, -1)]),
        in_state("tids", 7),
        in_state("emergency", "often"),
        in_state("loads", []),
        in_state("at_s", 10**15),
        in_state("day", 3),
        in_state("staging", {"since_s": 1}),
        in_state("events", [[1, 2]]),
        in_state("days", [{"number": 1}]),
    ],
)
def test_a_file_that_is_no_meter_is_told_and_left_alone(folder: Path, content: bytes) -> None:
    path = folder / f"{DRN}.json"
    path.write_bytes(content)
    with opened(folder) as file, pytest.raises(MeterFileBroken):
        file.load()
    assert path.read_bytes() == content


def test_a_day_of_a_meter_is_on_disk_after_every_act(folder: Path) -> None:
    with opened(folder) as file:
        device = VirtualMeter(file)
        for _ in range(24):
            device.do(Live(3600, (0,)))
            assert file.load() == device.meter
