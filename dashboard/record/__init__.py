"""The append-only record: store, scratch, tables, views, journal, files. Never decides who may do what."""
