"""Commands on the centre's notes: `assistant notions check`."""

import json
from datetime import date
from typing import Annotated

import typer

from assistant.cli.errors import clear_errors
from assistant.cli.options import AsJson
from assistant.settings import read_settings

notions = typer.Typer(help="Les notes du centre sur les notions et les obligations.", no_args_is_help=True)


@notions.callback()
def _group() -> None:
    """Les notes du centre sur les notions et les obligations."""


@notions.command("check")
def check(
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="Échoue (code 3) si un fichier n'est pas montré.")] = False,
) -> None:
    """Dit ce qui ne va pas dans les notes : fichiers illisibles, mots en double, droit à relire."""
    with clear_errors():
        settings = read_settings()
        from assistant.notes.shelf import Shelf

        library = Shelf(settings.notes_dir).library()
        remarks = library.remarks(date.today())
        if as_json:
            told = [remark.model_dump() for remark in remarks]
            print(json.dumps({"notes": len(library.notes), "remarks": told}, ensure_ascii=False))
        else:
            for remark in remarks:
                print(f"{remark.file} : {remark.reason}")
            count = f"{len(remarks)} remarque{'s' if len(remarks) > 1 else ''}" if remarks else "rien à signaler"
            print(f"{len(library.notes)} notes, {count}.")
        if strict and any(remark.kind == "error" for remark in remarks):
            raise typer.Exit(3)
