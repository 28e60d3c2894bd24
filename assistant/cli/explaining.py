"""Command that explains: `assistant explain`."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from assistant.cli.asking import need_question
from assistant.cli.errors import clear_errors
from assistant.cli.options import AsJson, AsReader, access_of
from assistant.settings import read_settings

if TYPE_CHECKING:
    from assistant.explaining.explain import Explanation
    from index.manifest import Manifest


def explain(
    question: Annotated[str | None, typer.Argument(help="La question.")] = None,
    after: Annotated[
        list[str] | None, typer.Option("--after", help="Une question posée avant ; autant de fois qu'il le faut.")
    ] = None,
    reader: AsReader = "public",
    as_json: AsJson = False,
) -> None:
    """Dit comment une réponse est venue : la question lue, les formes essayées, les fiches, les phrases."""
    with clear_errors():
        asked = need_question(question)
        settings = read_settings()
        from assistant.assembly.knowledge import assemble
        from assistant.explaining.explain import explain_after, explanation_to_json

        knowledge = assemble(settings, access_of(reader))
        explanation = asyncio.run(explain_after(after or [], asked, knowledge))
        if as_json:
            print(json.dumps(explanation_to_json(explanation), ensure_ascii=False))
        else:
            _print(explanation, knowledge.index.manifest, Console(highlight=False))


def _print(explanation: "Explanation", manifest: "Manifest", console: Console) -> None:
    from assistant.explaining.telling import LABELS, summarise, tell_held, tell_reading
    from assistant.exports.shapes import print_answer
    from assistant.wording import EVIDENCE

    console.print(escape(summarise(explanation)))
    console.print("\n[bold]Ce qui a été lu[/bold]")
    for name, value in tell_reading(explanation.reading, manifest):
        console.print(f"  {name} : {escape(value)}")
    console.print("\n[bold]Formes essayées[/bold]")
    for tried in explanation.forms:
        mark = "→" if tried.taken else " "
        console.print(f"  {mark} {LABELS[tried.form]}{f' : {escape(tried.reason)}' if tried.reason else ''}")
    sheets = Table("Fiche", "Score", "Ce qui l'a classée", title="Fiches trouvées", title_justify="left", box=None)
    for sheet in explanation.sheets:
        why = ", ".join(f"{EVIDENCE.get(name, name)} {value:+.2f}" for name, value in sheet.evidence.items())
        sheets.add_row(escape(f"{sheet.sheet} {sheet.title}"), f"{sheet.score:.2f}", escape(why))
    console.print()
    console.print(sheets)
    console.print("\n[bold]Phrases des premières fiches[/bold]  (score ; « » citée dans la réponse)")
    for each in explanation.sentences:
        quote = f"« {each.quote} »" if each.cited else each.quote
        held = tell_held(each, explanation.reading)
        said = f"{quote} ({held})" if held else quote
        console.print(f"  {each.sheet:>4} {each.score:+.2f} {said}", markup=False)
    console.print("\n[bold]Réponse[/bold]")
    print_answer(explanation.answer, console)
