"""Command on the table of figures: `assistant figures`."""

import json
import sys
from typing import Annotated

import typer

from assistant.cli.errors import clear_errors, fail
from assistant.cli.options import AsJson, AsReader, access_of
from assistant.settings import read_settings
from index.aspects.measured import Measured

_SORTS = "sheet, organisation, value ou -value."


def figures(
    quantity: Annotated[Measured | None, typer.Option(help="Ce qui est mesuré ; tout sans elle.")] = None,
    unit: Annotated[str, typer.Option(help="€, €/an, €/habitant, %, mois…")] = "",
    words: Annotated[str, typer.Option("--words", help="Mots de la fiche ou de la phrase.")] = "",
    porteur: Annotated[list[str] | None, typer.Option(help="Type de porteur, par son code ; plusieurs fois.")] = None,
    sort: Annotated[str, typer.Option(help=_SORTS)] = "sheet",
    as_csv: Annotated[bool, typer.Option("--csv", help="Écrit la table pour un tableur.")] = False,
    reader: AsReader = "public",
    as_json: AsJson = False,
) -> None:
    """Donne les chiffres des fiches, lus par un programme, chacun avec sa phrase."""
    with clear_errors():
        if as_csv and as_json:
            fail("Choisissez --csv ou --json.")
        settings = read_settings()
        from assistant.assembly.versions import open_store
        from assistant.catalogue.figures import SORTS, FigureSelection, select_figures, show_figure
        from assistant.catalogue.links import sheet_path
        from assistant.exports.figures import write_figures

        order = next((each for each in SORTS if each == sort), None)
        if order is None:
            fail(f"--sort : {_SORTS}")
        index = open_store(settings).open(settings.model_name, access_of(reader))
        selection = FigureSelection(
            quantity=quantity, unit=unit, query=words.strip(), porteur=tuple(porteur or ()), sort=order
        )
        rows = select_figures(index, selection)
        if as_csv:
            sys.stdout.buffer.write(write_figures(rows, lambda sheet: f"{settings.public_url}{sheet_path(sheet)}"))
        elif as_json:
            shown = [show_figure(row).model_dump() for row in rows]
            print(json.dumps({"total": len(rows), "figures": shown}, ensure_ascii=False))
        else:
            for row in rows:
                typer.echo(f"{row.told.figure.written} (fiche {row.sheet.id}, {row.sheet.title})")
                typer.echo(f"    {row.told.sentence}")
            typer.echo(f"{len(rows)} chiffres, lus par un programme dans les phrases des fiches : vérifiez-les.")
