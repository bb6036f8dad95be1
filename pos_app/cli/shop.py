"""Commands for the shop as a whole: the training shop, the clock, the journal, backups."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pos_app.adapters.system.paths import training_shop
from pos_app.cli.common import (
    REFUSED,
    OperatorMissing,
    ShopAccess,
    as_json,
    complain,
    opened,
    passphrase_of,
    print_json,
    say,
    secret,
    shop_options,
    told,
    words,
)
from pos_app.exchange.chain import Fault, Fork


@click.command()
@click.option(
    "--shop",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TOKENTILL_SHOP",
    help="Where to make it. [env: TOKENTILL_SHOP]",
)
@click.option("--meters", default=200_000, show_default=True, type=click.IntRange(10, 2_000_000))
@as_json
@told
def demo(shop: Path | None, meters: int, *, json_wanted: bool) -> None:
    """Make a training shop: published keys, people who do not exist, no value.

    One that is there already is left as it is, but for this: where nobody sold for more than a
    day, its supervisor settles the clock.
    """
    from pos_app.bootstrap import training, training_file  # noqa: PLC0415 - half a second that --help can spare

    folder = (shop or training_shop()).absolute()
    count = 0
    settled = False
    if training.is_training_shop(folder):
        settled = training.wake_training_shop(folder)
    else:
        count = training.create_training_shop(folder, meters)
    examples = training.example_meters()
    if json_wanted:
        print_json(
            {
                "shop": str(folder),
                "meters": count,
                "passphrase": training_file.training_passphrase(),
                "operators": training_file.training_pins(),
                "examples": examples,
            }
        )
        return
    made = "cli.demo-made" if count else "cli.demo-there"
    say(words()(made, folder=str(folder), meters=count))
    if settled:
        say(words()("cli.demo-settled"))
    pins = ", ".join(f"{name} {pin}" for name, pin in training_file.training_pins().items())
    say(words()("cli.demo-pins", pins=pins, passphrase=training_file.training_passphrase()))
    say(words()("cli.demo-meters", meters=", ".join(examples)))


@click.group()
def clock() -> None:
    """Settle what the clock guard stopped."""


@clock.command()
@shop_options
@told
def settle(access: ShopAccess) -> None:
    """Say, as a supervisor, that the computer's clock is right now."""
    with opened(access) as shop:
        if not access.operator:
            raise OperatorMissing
        shop.desk.settle_clock(access.operator, secret("PIN", "TOKENTILL_PIN", access.pin_fd))
    say(words()("cli.clock-settled"))


@click.group()
def journal() -> None:
    """Prove, compare and export the journal."""


@journal.command()
@shop_options
@as_json
@told
def verify(access: ShopAccess, *, json_wanted: bool) -> None:
    """Prove every entry, signature, total and the anchor; name the first bad entry."""
    from pos_app.bootstrap.inspection import verify_shop  # noqa: PLC0415

    proof = verify_shop(access.folder, passphrase_of(access))
    fault = proof.fault
    if json_wanted:
        print_json(
            {
                "ok": fault is None,
                "entries": proof.head.seq,
                "head": proof.head.hash.hex(),
                "fault": fault and {"entry": fault.seq, "kind": fault.kind, "detail": fault.detail},
            }
        )
    elif fault is None:
        head = proof.head.hash.hex()[:16]
        say(words()("cli.journal-sound", entries=proof.head.seq, head=head))
    if fault is not None:
        if not json_wanted:
            complain(fault_sentence(fault))
        sys.exit(REFUSED)


def fault_sentence(fault: Fault) -> str:
    """Return which entry is bad and what is wrong with it."""
    said = words()(f"journal.{fault.kind.value}", entry=fault.seq, detail=fault.detail)
    return words()("cli.journal-bad", entry=fault.seq, what=said)


@journal.command()
@click.argument("other", type=click.Path(path_type=Path))
@shop_options
@as_json
@told
def compare(other: Path, access: ShopAccess, *, json_wanted: bool) -> None:
    """Hold this till's journal against a copy (a shop's folder or an exported file).

    A copy that went on elsewhere is a fork: the same till sold twice.
    """
    from pos_app.bootstrap.inspection import compare_shops  # noqa: PLC0415

    fork = compare_shops(access.folder, other, passphrase_of(access))
    if json_wanted:
        print_json({"forked": fork is not None, **(_fork_values(fork) if fork else {})})
    elif fork is None:
        say(words()("cli.no-fork"))
    if fork is not None:
        if not json_wanted:
            complain(words()("cli.fork", **_fork_values(fork)))
        sys.exit(REFUSED)


def _fork_values(fork: Fork) -> dict[str, int]:
    return {"common": fork.common, "here": fork.left, "there": fork.right}


@journal.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@shop_options
@told
def export(file: Path, access: ShopAccess) -> None:
    """Write the journal as signed JSON lines, for auditors and for comparing."""
    from pos_app.bootstrap.inspection import export_journal  # noqa: PLC0415

    count = export_journal(access.folder, passphrase_of(access), file)
    say(words()("cli.exported", entries=count, path=str(file)))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@shop_options
@told
def backup(file: Path, access: ShopAccess) -> None:
    """Write a backup and prove that it restores."""
    from pos_app.bootstrap.backup import make_backup  # noqa: PLC0415

    entries = make_backup(access.folder, passphrase_of(access), file)
    say(words()("cli.backup-made", path=str(file), entries=entries))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@shop_options
@told
def restore(file: Path, access: ShopAccess) -> None:
    """Restore a backup into an empty folder; no meter ever sees an old TID again."""
    from pos_app.bootstrap.backup import restore_backup  # noqa: PLC0415

    passphrase = secret("Passphrase", "TOKENTILL_PASSPHRASE", access.passphrase_fd)
    entries = restore_backup(file, access.folder, passphrase)
    say(words()("cli.restored", path=str(access.folder), entries=entries))
