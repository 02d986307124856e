"""Alembic's entry: the connection is handed in by ``bot.store.migrate``."""

from __future__ import annotations

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the caller's transaction holds them all
)
context.run_migrations()
