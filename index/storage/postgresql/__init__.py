"""The index in PostgreSQL: versions of it published into tables, and passages searched there."""
