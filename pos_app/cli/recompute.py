"""``tokentill journal recompute``: every sale worked out again from what its entry says."""

from __future__ import annotations

import sys

from pos_app.application.recompute import Difference
from pos_app.cli.common import (
    REFUSED,
    ShopAccess,
    as_json,
    passphrase_of,
    print_json,
    say,
    shop_options,
    told,
    words,
)
from pos_app.cli.shop import journal


@journal.command()
@shop_options
@as_json
@told
def recompute(access: ShopAccess, *, json_wanted: bool) -> None:
    """Work out every sale's money and units again from its stored inputs and tariff version.

    So are the acts of the engineering desk and bulk lists: what they gave must be what their
    tokens carry and follow from what it was given for. Each figure that does not follow is a line
    with its journal entry as soon as it is found; the count comes last. With --json every line is
    JSON. Exit code 1 if anything does not follow.
    """
    from pos_app.bootstrap.recomputing import recompute_shop  # noqa: PLC0415

    def tell(found: Difference) -> None:
        facts = {
            "receipt": found.receipt,
            "field": found.field,
            "expected": found.expected,
            "got": found.got,
            "entry": found.seq,
        }
        if json_wanted:
            print_json(facts)
        else:
            say(words()("cli.does-not-follow", **facts))

    done = recompute_shop(access.folder, passphrase_of(access), tell)
    if json_wanted:
        counts = {"recomputed": done.sales, "wrong": done.wrong}
        acts = {"acts": done.acts, "acts_wrong": done.acts_wrong}
        print_json({**counts, **acts, "without_inputs": done.without_inputs})
    else:
        say(words()("cli.recomputed", n=done.sales, wrong=done.wrong))
        if done.acts:
            say(words()("cli.acts-recomputed", n=done.acts, wrong=done.acts_wrong))
        if done.without_inputs:
            say(words()("cli.without-inputs", n=done.without_inputs))
    if done.wrong or done.acts_wrong:
        sys.exit(REFUSED)
