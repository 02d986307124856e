"""Brings a database up to date, through Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store.engine import Store

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(store: Store) -> None:
    """Runs the migrations that the database has not seen, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(store: Store) -> bool:
    """Whether the database has every migration."""

    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with store.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
