"""One office over several PostgreSQL servers: what grows with the tills lies by till on the nodes.

The coordinator has the small tables, and of the growing ones only partitions that are foreign
tables (postgres_fdw), each of which is a table of the same name and keys on a node.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from pos_app.head_office.store.engine import open_store
from tests.office.postgres import Cluster, cluster

GROWING = (
    "branch", "entry", "sale", "token", "quarantine", "signature_due", "finding", "rebuilt",
)  # fmt: skip
"""What follows from journals. Packs are not among them: a pack is numbered by its till's row on the
coordinator, and one that a node has and the coordinator does not know would be in the way.
"""


@dataclass(frozen=True)
class Spread:
    """A coordinator and its nodes."""

    head: Cluster
    nodes: tuple[Cluster, ...]

    def fresh(self, folder: Path) -> str:
        """Empty all of them, lay the tables out, and return the coordinator's address."""
        for each in (*self.nodes, self.head):
            open_store(each.fresh(), folder).close()
        with psycopg.connect(self.head.url, autocommit=True) as connection:
            for statement in laid_out(self.nodes):
                connection.execute(statement)
        return self.head.url


def laid_out(nodes: Sequence[Cluster]) -> Iterator[str]:
    """Yield the statements that lay the growing tables of a new office out over nodes."""
    yield "drop extension if exists postgres_fdw cascade"
    yield "create extension postgres_fdw"
    for number, node in enumerate(nodes):
        where = f"host '{node.folder}', dbname 'postgres', use_remote_estimate 'true'"
        more = "batch_size '500', fetch_size '1000', async_capable 'true'"
        yield (
            f"create server node{number} foreign data wrapper postgres_fdw"
            f" options ({where}, {more})"
        )
        yield f"create user mapping for tester server node{number} options (user 'tester')"
    for name in GROWING:
        yield f"alter table {name} rename to plain_{name}"
        # Without its keys: they cannot be on foreign tables, and are where the rows are.
        yield f"create table {name} (like plain_{name} including defaults) partition by hash (till)"
        for number in range(len(nodes)):
            yield (
                f"create foreign table {name}_{number} partition of {name} for values with"
                f" (modulus {len(nodes)}, remainder {number}) server node{number}"
                f" options (table_name '{name}')"
            )


@contextmanager
def spread(programs: Path, count: int, *, durable: bool = False) -> Iterator[Spread]:
    """Run a coordinator and so many nodes."""
    with ExitStack() as running:
        made = [running.enter_context(cluster(programs, durable=durable)) for _ in range(count + 1)]
        yield Spread(made[0], tuple(made[1:]))
