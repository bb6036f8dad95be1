"""The second person from afar: enrol at the till, approve on a computer that has no shop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pos_app.adapters.system.new_file import new_file
from pos_app.application.approval_records import KEY_IMPORT
from pos_app.application.identity import ShopMode
from pos_app.cli.approval import approver_options, approver_pin
from pos_app.cli.common import (
    ShopAccess,
    as_json,
    opened,
    print_json,
    say,
    secret,
    shop_options,
    told,
    words,
)
from pos_app.cli.files import content_of
from pos_app.exchange.approval import ApprovalRequest, read_request, read_secret

if TYPE_CHECKING:
    from pos_app.bootstrap.shop import OpenShop


@click.command()
@click.argument("request", nargs=-1, required=True)
@click.option(
    "--secret",
    "path",
    required=True,
    envvar="TOKENTILL_APPROVER_FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Your file from “approval enrol”. [env: TOKENTILL_APPROVER_FILE]",
)
@as_json
@told
def approve(request: tuple[str, ...], path: Path, *, json_wanted: bool) -> None:
    """Work out the code that answers a till's request; no shop and no network are needed."""
    asked = read_request(" ".join(request))
    code = read_secret(content_of(path)).approve(asked)
    if json_wanted:
        print_json({"code": code, "act": asked.act, "meter": asked.drn, "amount": asked.amount})
        return
    keys = asked.act == KEY_IMPORT
    say(words()("eng.approve-is-keys" if keys else "eng.approve-is", **_facts(asked)))
    say(words()("eng.approve-warning"))
    say(f"{words()('eng.code')}: {code[:4]} {code[4:]}")


def _facts(asked: ApprovalRequest) -> dict[str, str]:
    key = f"eng.act-{asked.act}"
    act = words()(key) if words().has(key) else asked.act
    names = ("till", "number", "drn", "amount", "operator")
    return {"act": act} | {name: getattr(asked, name) for name in names}


@click.group()
def approval() -> None:
    """Approval by supervisors who are not at the till."""


@approval.command()
@click.argument("supervisor")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the secret goes; take it to the supervisor's own computer.",
)
@approver_options
@click.option("--supervisor-pin-fd", type=int, help="Read the enrolled supervisor's PIN from here.")
@shop_options
@as_json
@told
def enrol(  # noqa: PLR0913, PLR0917 - one parameter an option
    supervisor: str,
    out: Path,
    approver: str,
    approver_pin_fd: int | None,
    supervisor_pin_fd: int | None,
    access: ShopAccess,
    *,
    json_wanted: bool,
) -> None:
    """Give a supervisor a secret to approve with from elsewhere; an older one counts no more.

    Both give their PIN: the supervisor, and the --approver as witness.
    """
    with opened(access) as shop, new_file(out) as file:
        pin = _own_pin(shop, supervisor, supervisor_pin_fd)
        witness = approver_pin(shop, approver, approver_pin_fd)
        file.write(shop.desk.approvals.enrol(supervisor, pin, approver, witness))
    if json_wanted:
        print_json({"approver": supervisor, "file": str(out)})
    else:
        say(words()("eng.enrolled", name=supervisor, path=out))


def _own_pin(shop: OpenShop, supervisor: str, descriptor: int | None) -> str:
    if shop.desk.identity.mode is ShopMode.TRAINING and descriptor is None:
        from pos_app.bootstrap.training_file import training_pins  # noqa: PLC0415 - seldom

        pins: dict[str, str] = dict(training_pins())
        if supervisor in pins:
            return pins[supervisor]
    return secret("The enrolled supervisor's PIN", "TOKENTILL_PIN", descriptor)
