"""The key authority's own command: it needs no shop, only a till's request."""

from __future__ import annotations

from pathlib import Path

import click

from pos_app.adapters.system.clock import SystemClock
from pos_app.adapters.system.new_file import new_file
from pos_app.cli.common import say, told, words
from pos_app.cli.keys import content_of, keys

_FILE = click.Path(path_type=Path, dir_okay=False)


@keys.command()
@click.argument("request_file", type=_FILE)
@click.argument("list_file", type=_FILE)
@click.argument("output", type=_FILE)
@click.option("--key", "key_file", type=_FILE, help="The authority's Ed25519 private key (PEM).")
@click.option("--training", is_flag=True, help="Sign with the published key of training shops.")
@click.option(
    "--sequence",
    type=click.IntRange(1, 2**53 - 1),
    help="Higher than in every earlier file for this till. Default: the time in seconds.",
)
@told
def seal(  # noqa: PLR0913 - one for each option
    request_file: Path,
    list_file: Path,
    output: Path,
    key_file: Path | None,
    sequence: int | None,
    *,
    training: bool,
) -> None:
    """Seal the keys of LIST_FILE to the till of REQUEST_FILE and write OUTPUT.

    For a key authority, on its own computer: LIST_FILE holds keys in the clear. Compare the
    till's fingerprint, which this prints, with the shop by telephone before the file is sent.
    """
    from pos_app.application.key_office import read_plain_keys, seal_for  # noqa: PLC0415
    from pos_app.exchange.key_file import fingerprint, read_request  # noqa: PLC0415
    from pos_app.exchange.signing import key_of_pem  # noqa: PLC0415

    if (key_file is None) != training:
        raise click.UsageError("Give one of --key and --training.")
    if key_file is None:
        from pos_app.bootstrap.training_file import training_authority  # noqa: PLC0415

        authority = training_authority()
    else:
        authority = key_of_pem(content_of(key_file), str(key_file))
    now = SystemClock().now_ms()
    request = content_of(request_file)
    plain = read_plain_keys(content_of(list_file))
    content = seal_for(request, plain, sequence or now // 1000, now, authority)
    with new_file(output) as file:
        file.write(content)
    till = read_request(request)
    shown = fingerprint(till.exchange_key)
    say(words()("keys.sealed", path=str(output), keys=len(plain), till=till.till, shown=shown))
    say(words()("keys.seal-signer", key=authority.public.hex()))
