"""``tokentill``: opens the window; with a command it is the same till without one."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

_COMMANDS: Final = MappingProxyType(
    {
        "lookup": "counter:lookup",
        "quote": "counter:quote",
        "sell": "counter:sell",
        "reprint": "counter:reprint",
        "sales": "counter:sales",
        "status": "counter:status",
        "meter": "meter:meter",
        "report": "report:report",
        "refund": "redress:refund",
        "compensate": "redress:compensate",
        "redress": "redress:redress",
        "shift": "shift_rules:shift",
        "batch": "batch:batch",
        "drawer": "shift:drawer",
        "conformance": "codec:conformance",
        "token": "codec:token",
        "doctor": "codec:doctor",
        "meter-record": "meter_record:meter_record",
        "proposal": "proposal:proposal",
        "demo": "shop:demo",
        "clock": "shop:clock",
        "journal": "recompute:journal",
        "backup": "shop:backup",
        "restore": "shop:restore",
        "tariff": "tariff_shop:tariff",
        "account": "account:account",
        "authority": "authority:authority",
        "tenders": "tenders:tenders",
        "parked": "parked:parked",
        "card": "card:card",
        "wallet": "wallet:wallet",
        "keys": "key_module:keys",
        "office": "office:office",
        "key-change": "key_change:key_change",
        "operator": "operator:operator",
        "shop": "shop_care:shop",
        "bulk": "bulk:bulk",
        "engineer": "engineer:engineer",
        "grant": "grant:grant",
        "approve": "approve:approve",
        "approval": "approve:approval",
    }
)
"""Where each command is. Only the one that is asked for is loaded: a start is mostly imports."""


class Commands(click.Group):
    """The commands by name, loaded when they are called or when help lists them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the alphabet, as click does."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Load a command; None for a name that there is not."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command = getattr(import_module(f"pos_app.cli.{module}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--shop",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="TOKENTILL_SHOP",
    help="The shop to open in the window. [env: TOKENTILL_SHOP]",
)
@click.version_option(package_name="tokentill")
@click.pass_context
def cli(context: click.Context, folder: Path | None) -> None:
    """Tokentill, a point of sale for prepaid meters. Without a command it opens the window."""
    if context.invoked_subcommand is None:
        from pos_app.bootstrap.window import run_window  # noqa: PLC0415 - Qt only for the window

        sys.exit(run_window(folder))
