"""Commands are loaded when they are called: each stands where the table says, under its name."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from pos_app.cli.main import cli

CONTEXT = click.Context(cli)


@pytest.mark.parametrize("name", cli.list_commands(CONTEXT))
def test_every_command_stands_where_the_table_says(name: str) -> None:
    command = cli.get_command(CONTEXT, name)
    assert command is not None
    assert command.name == name
    assert command.help


@pytest.mark.parametrize(
    ("group", "parts"),
    [
        ("journal", {"verify", "compare", "export", "recompute"}),
        ("tariff", {"check", "quote", "hours", "import", "list", "sign"}),
        ("keys", {"import", "seal", "list", "zeroise"}),
    ],
)
def test_a_group_has_all_its_parts_whichever_file_they_are_in(group: str, parts: set[str]) -> None:
    command = cli.get_command(CONTEXT, group)
    assert isinstance(command, click.Group)
    assert parts <= set(command.commands)


def test_an_unknown_command_is_none() -> None:
    assert cli.get_command(CONTEXT, "frobnicate") is None


def test_a_command_loads_no_other_commands() -> None:
    program = (
        "import sys\n"
        "from pos_app.cli.main import cli\n"
        "cli.get_command(None, 'conformance')\n"
        "print([name for name in sys.modules if name.startswith('pos_app.cli.')])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "pos_app.cli.codec" in ran.stdout
    assert "pos_app.cli.shift" not in ran.stdout
