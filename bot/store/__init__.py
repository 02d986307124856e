"""The store: the tables, the engine and every query. Nothing else has SQL."""
