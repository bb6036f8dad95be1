"""Commands of the virtual meters: a training shop's tokens, keyed into a meter that proves them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pos_app.application.meter_lines import (
    answer_sentence,
    event_text,
    face_lines,
    shown_line,
)
from pos_app.cli.common import (
    REFUSED,
    ShopAccess,
    as_json,
    complain,
    existing_shop,
    opened,
    print_json,
    say,
    shop_options,
    told,
    words,
)
from pos_app.cli.meter_json import answer_values, meter_values
from pos_app.cli.meter_typed import loads_of, span_of, tokens_of
from pos_app.meter.device import (
    Act,
    AskEmergency,
    Enter,
    Live,
    Power,
    Press,
    SetRelay,
    Tamper,
    VirtualMeter,
)
from pos_app.meter.results import Answer, Event
from pos_app.meter.state import Relay

_ACTS: dict[str, Act] = {
    "emergency": AskEmergency(),
    "button": Press(),
    "power-off": Power(on=False),
    "power-on": Power(on=True),
    "open-cover": Tamper("cover"),
    "magnet": Tamper("magnet"),
    "reverse": Tamper("reverse"),
    "jam-open": SetRelay(Relay.STUCK_OPEN),
    "jam-closed": SetRelay(Relay.STUCK_CLOSED),
    "mend": SetRelay(Relay.SOUND),
}


def _choice(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--meter`` and the shop's folder, which need not be opened."""
    shop = click.option(
        "--shop",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="TOKENTILL_SHOP",
        help="The training shop's folder. [env: TOKENTILL_SHOP]",
    )
    meter = click.option(
        "--meter", "drn", default="", help="Which virtual meter; not needed for the only one."
    )
    return shop(meter(function))


@click.group()
def meter() -> None:
    """Virtual meters: key in a training shop's tokens, let time pass, see why supply is off.

    A virtual meter only holds published test keys. Its own time passes only with `run`.
    """


@meter.command()
@click.option("--meter", "drn", required=True, help="Which of the training shop's meters.")
@click.option("--profile", default="", help="Kind of meter: a name, or a file ending in .toml.")
@click.option("--krn", type=click.IntRange(1, 9), help="Hold an older key: its revision.")
@click.option("--ti", type=click.IntRange(0, 99), help="Hold an older key: its tariff index.")
@click.option("--base", type=click.Choice(["1993", "2014", "2035"]), help="… its base date.")
@click.option("--ken", type=click.IntRange(0, 255), help="… its expiry number.")
@shop_options
@as_json
@told
def new(  # noqa: PLR0913 - one parameter per option
    *,
    drn: str,
    profile: str,
    krn: int | None,
    ti: int | None,
    base: str | None,
    ken: int | None,
    access: ShopAccess,
    json_wanted: bool,
) -> None:
    """Make a virtual meter of one of the training shop's meters, a year old and without credit."""
    from pos_app.bootstrap import virtual_meters as made  # noqa: PLC0415 - as in `opened`

    made.meters_folder(access.folder)
    wish = made.KeyWish(krn, ti, None if base is None else int(base), ken)
    with opened(access) as shop:
        record = shop.desk.card(shop.desk.meter_number(drn)).meter
        kind = made.profile_named(profile or record.commodity)
        virtual = made.make_virtual_meter(access.folder, record, kind, wish, shop.clock)
    if json_wanted:
        print_json(meter_values(virtual))
    else:
        say(words()("meter.made", drn=virtual.drn, profile=virtual.profile.name))


@meter.command("list")
@_choice
@as_json
@told
def list_meters(shop: Path | None, drn: str, *, json_wanted: bool) -> None:
    """List the virtual meters of the training shop."""
    from pos_app.adapters.meters.files import meters_in  # noqa: PLC0415
    from pos_app.bootstrap.virtual_meters import meters_folder  # noqa: PLC0415

    found = [each for each in meters_in(meters_folder(shop or existing_shop())) if drn in each]
    if json_wanted:
        print_json({"meters": found})
        return
    for each in found or [words()("meter.none")]:
        say(each)


@meter.command()
@click.argument("digits", nargs=-1, required=True)
@_choice
@as_json
@told
def enter(digits: tuple[str, ...], shop: Path | None, drn: str, *, json_wanted: bool) -> None:
    """Key in a token, or several one after another; groups and spaces do not matter.

    Stops at the first that is refused, with exit code 1.
    """
    answers: list[Answer] = []
    with _opened(shop, drn) as virtual:
        for token in tokens_of("".join(digits)):
            answers.append(virtual.do(Enter(token)))
            if not json_wanted:
                _tell(virtual, answers[-1])
            if not _taken(answers[-1]):
                break
        after = virtual.meter
    if json_wanted:
        told_of = [answer_values(after, each) for each in answers]
        print_json({"meter": after.drn, "answers": told_of, "face": meter_values(after)["face"]})
    if not _taken(answers[-1]):
        complain(answer_sentence(words(), answers[-1]))
        sys.exit(REFUSED)


def _taken(answer: Answer) -> bool:
    return answer.result is not None and answer.result.taken


@meter.command()
@_choice
@as_json
@told
def show(shop: Path | None, drn: str, *, json_wanted: bool) -> None:
    """Show a meter's display, its key's attributes and its last events."""
    with _opened(shop, drn) as virtual:
        shown = virtual.meter
    if json_wanted:
        print_json(meter_values(shown))
        return
    held = shown.state.held
    say(words()("meter.title", drn=shown.drn, profile=shown.profile.name))
    key = {"sgc": held.sgc, "krn": held.krn, "ti": f"{held.ti:02d}", "kt": held.kt}
    say(words()("meter.key", **key, ken=held.ken, base=held.base, ea=f"{held.key.ea:02d}"))
    for line in face_lines(words(), shown):
        say(line)
    _tell_events(virtual, shown.state.events[-10:])


@meter.command()
@_choice
@as_json
@told
def history(shop: Path | None, drn: str, *, json_wanted: bool) -> None:
    """Show what was used by month and by day, and the tokens entered last."""
    from pos_app.cli.meter_history import history_lines, history_values  # noqa: PLC0415

    with _opened(shop, drn) as virtual:
        shown = virtual.meter
    if json_wanted:
        print_json(history_values(shown))
        return
    for line in history_lines(words(), shown):
        say(line)


@meter.command()
@click.option("--hours", default="0", help="How long; decimals are fine.")
@click.option("--minutes", default="0")
@click.option("--seconds", default="0")
@click.option("--load", default="0", help="W, or l/h of water or gas; three by commas on 3 phases.")
@_choice
@as_json
@told
def run(  # noqa: PLR0913 - one parameter per option
    *,
    hours: str,
    minutes: str,
    seconds: str,
    load: str,
    shop: Path | None,
    drn: str,
    json_wanted: bool,
) -> None:
    """Let time pass on the meter under a load, and tell what happened."""
    span = span_of(hours, minutes, seconds)
    with _opened(shop, drn) as virtual:
        phases = virtual.meter.profile.phases
        answer = virtual.do(Live(span, loads_of(load, phases)))
        _told(virtual, answer, json_wanted=json_wanted)


@meter.command("do")
@click.argument("act", type=click.Choice(list(_ACTS)))
@_choice
@as_json
@told
def do_act(act: str, shop: Path | None, drn: str, *, json_wanted: bool) -> None:
    """Press a button, fail the mains, tamper, or jam the switch."""
    with _opened(shop, drn) as virtual:
        _told(virtual, virtual.do(_ACTS[act]), json_wanted=json_wanted)


def _opened(shop: Path | None, drn: str) -> Any:
    """Open a virtual meter of a shop's folder; the shop itself may be in use."""
    from pos_app.bootstrap.virtual_meters import virtual_meter  # noqa: PLC0415 - as in `opened`

    return virtual_meter(shop or existing_shop(), drn)


def _told(virtual: VirtualMeter, answer: Answer, *, json_wanted: bool) -> None:
    if json_wanted:
        print_json(answer_values(virtual.meter, answer) | meter_values(virtual.meter))
        return
    _tell(virtual, answer)
    for line in face_lines(words(), virtual.meter):
        say(line)


def _tell(virtual: VirtualMeter, answer: Answer) -> None:
    """Say what an act led to; what is refused is complained of elsewhere."""
    if answer.note or _taken(answer):
        say(answer_sentence(words(), answer))
    for shown in answer.shown:
        say(shown_line(words(), virtual.meter.profile, shown))
    _tell_events(virtual, answer.events)


def _tell_events(virtual: VirtualMeter, events: tuple[Event, ...]) -> None:
    from pos_app.application.shop_time import local  # noqa: PLC0415

    profile = virtual.meter.profile
    for event in events:
        at = local(event.at_s * 1000, profile.offset_minutes).strftime("%Y-%m-%d %H:%M:%S")
        say(words()("meter.at", time=at, event=event_text(words(), profile, event)))
