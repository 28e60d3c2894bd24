"""Runs the migrations over the connection that database.py gives."""

from alembic import context

from assistant.store.tables import Moment, metadata

connection = context.config.attributes["connection"]
# SQLite cannot change a table: it is made again, in batches.
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=lambda kind, item, _: "Moment()" if kind == "type" and isinstance(item, Moment) else False,
)
with context.begin_transaction():
    context.run_migrations()
