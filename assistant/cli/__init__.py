"""Command line: `assistant reindex`, `search`, `ask`, `serve`. Exit codes: 0 done, 2 wrong use or input, 3 refused."""

import typer

from assistant.cli.asking import ask, evaluate, search
from assistant.cli.explaining import explain
from assistant.cli.figures import figures
from assistant.cli.indexing import adapt, index_commands, layout_commands, reindex
from assistant.cli.members import members
from assistant.cli.notions import notions
from assistant.cli.proving import check, prove
from assistant.cli.questions import questions
from assistant.cli.serving import backup, purge, restore, serve
from assistant.cli.staff import staff

cli = typer.Typer(
    help="Assistant de recherche dans les fiches d'un centre de ressources sur la participation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (reindex, adapt, search, ask, explain, evaluate, prove, check, figures, purge, serve, backup, restore):
    cli.command()(command)
cli.add_typer(index_commands, name="index")
cli.add_typer(layout_commands, name="layout")
cli.add_typer(staff, name="staff")
cli.add_typer(members, name="members")
cli.add_typer(questions, name="questions")
cli.add_typer(notions, name="notions")
