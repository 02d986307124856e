"""The migrations make the very tables that the code describes, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.store import migrate
from bot.store.engine import Store
from bot.store.schema import metadata


def test_the_migrations_lead_to_the_schema(store: Store) -> None:
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_migrated_database_is_current(store: Store) -> None:
    assert migrate.is_current(store)
    migrate.upgrade(store)
    assert migrate.is_current(store)
