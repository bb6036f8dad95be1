"""The store: brought to its version by the program itself, the same on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from pos_app.head_office.errors import OfficeStoreNewer, OfficeStoreUnusable
from pos_app.head_office.store.engine import RowRefused, Store, open_store
from pos_app.head_office.store.tables import metadata


def test_the_steps_make_the_very_tables_that_the_program_speaks_of(store: Store) -> None:
    with store.reading() as act:
        assert compare_metadata(MigrationContext.configure(act), metadata) == []


def test_opening_again_changes_nothing(store: Store, database: str, tmp_path: Path) -> None:
    with store.writing() as act:
        act.execute(text("insert into fact values ('name', 'x')"))
    again = open_store(database, tmp_path)
    with again.reading() as act:
        assert act.execute(text("select value from fact")).scalar_one() == "x"
    again.close()


def test_a_database_of_a_newer_program_is_left_alone(
    store: Store, database: str, tmp_path: Path
) -> None:
    with store.writing() as act:
        act.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(OfficeStoreNewer) as refused:
        open_store(database, tmp_path)
    assert refused.value.facts == {"version": "9999"}


def test_what_a_block_did_is_undone_by_its_error(store: Store) -> None:
    insert = text("insert into fact values ('name', 'x')")
    with pytest.raises(RowRefused), store.writing() as act:  # noqa: PT012 - the second is refused
        act.execute(insert)
        act.execute(insert)
    with store.reading() as act:
        assert act.execute(text("select count(*) from fact")).scalar_one() == 0


@pytest.mark.parametrize(
    "place", ["mysql://root@localhost/x", "not a place", "postgresql://u@/x?host=/nowhere"]
)
def test_a_place_that_is_no_database_of_ours_is_told_in_a_sentence(
    place: str, tmp_path: Path
) -> None:
    with pytest.raises(OfficeStoreUnusable):
        open_store(place, tmp_path)


def test_the_sqlite_that_is_used_is_one_without_the_lost_pages(tmp_path: Path) -> None:
    opened = open_store("", tmp_path)
    with opened.reading() as act:
        version = act.execute(text("select sqlite_version()")).scalar_one()
        mode = act.execute(text("pragma journal_mode")).scalar_one()
        synchronous = act.execute(text("pragma synchronous")).scalar_one()
    opened.close()
    assert tuple(map(int, version.split("."))) >= (3, 51, 3)
    assert (mode, synchronous) == ("wal", 2)
