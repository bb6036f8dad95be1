"""``tokentill-head-office``: the server, and what its people do without a browser."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final

import click

_COMMANDS: Final = MappingProxyType(
    {
        "init": "serve:init",
        "serve": "serve:serve",
        "certificate": "certificates:certificate",
        "check": "serve:check",
        "code": "tills:code",
        "enrol": "tills:enrol",
        "tills": "tills:tills",
        "block": "tills:block",
        "take": "tills:take",
        "prove": "tills:prove",
        "scan": "scan:scan",
        "findings": "tills:findings",
        "pack": "packs:pack",
        "allowance": "packs:allowance",
        "meters": "packs:meters",
        "keys": "packs:keys",
        "keychange": "key_sets:keychange",
        "oversold": "oversold:oversold",
        "hook": "hooks:hook",
        "aside": "aside:aside",
        "proposal": "proposals:proposal",
        "staff": "staff:staff",
        "token": "staff:token",
        "export": "export:export",
        "settlement": "settling:settlement",
        "statement": "settling:statement",
        "commission": "settling:commission",
    }
)
"""Where each command is. Only the one that is asked for is loaded."""


class Commands(click.Group):
    """The commands by name, loaded when they are called or when help lists them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the alphabet."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Load a command; None for a name that there is not."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command = getattr(import_module(f"pos_app.cli.head_office.{module}"), name)
        if not isinstance(command, click.Command):
            raise TypeError(cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tokentill")
def office() -> None:
    """Tokentill head office: takes what tills sold, proves it, and sends them packs."""


def main() -> None:
    """Run a command; without the extra ``head-office`` say how to get it."""
    if not all(find_spec(name) for name in ("alembic", "fastapi", "sqlalchemy", "uvicorn")):
        click.echo(
            "The head office's libraries are not installed. "
            "Install them with: pip install 'tokentill[head-office]'",
            err=True,
        )
        sys.exit(1)
    office()
