"""Commands that ask: `assistant search`, `ask`, `evaluate`."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape

from assistant.cli.batch import BatchWrong, question_of, read_batch
from assistant.cli.errors import clear_errors
from assistant.cli.options import AsJson, AsReader, access_of
from assistant.settings import read_settings

Batch = Annotated[Path | None, typer.Option("--batch", help="Fichier JSONL de questions : une réponse par ligne.")]

_NOTES: dict[str, Literal["markdown", "docx"]] = {".md": "markdown", ".docx": "docx"}


def search(
    question: Annotated[str | None, typer.Argument(help="La question.")] = None,
    top: Annotated[int, typer.Option(min=1, max=1000, help="Nombre de fiches.")] = 10,
    batch: Batch = None,
    reader: AsReader = "public",
    as_json: AsJson = False,
) -> None:
    """Cherche les fiches qui répondent à une question."""
    with clear_errors():
        rows: list[dict[str, Any]] = read_batch(batch) if batch else [{"id": "", "query": need_question(question)}]
        settings = read_settings()
        from assistant.assembly.knowledge import assemble
        from assistant.exports.shapes import hit_to_json
        from assistant.finding.search import search as search_sheets
        from assistant.reading.read import read_question

        knowledge = assemble(settings, access_of(reader))
        for row in rows:
            reading = read_question(question_of(row), (), knowledge.index)
            hits = search_sheets(reading, knowledge, k=top)
            if batch or as_json:
                filters = reading.understood.filters.to_json()
                line = {"id": str(row["id"]), "filters": filters, "hits": [hit_to_json(hit) for hit in hits]}
                print(json.dumps(line, ensure_ascii=False))
            else:
                _print_hits(hits)


def ask(
    question: Annotated[str | None, typer.Argument(help="La question.")] = None,
    batch: Batch = None,
    reader: AsReader = "public",
    as_json: AsJson = False,
    output: Annotated[
        Path | None,
        typer.Option(help="Écrit aussi la réponse et ses sources dans ce fichier .md ou .docx."),
    ] = None,
) -> None:
    """Répond à une question, avec ses sources."""
    with clear_errors():
        if output and (batch or output.suffix not in _NOTES):
            raise BatchWrong("--output : un fichier .md ou .docx, pour une seule question.")
        rows: list[dict[str, Any]] = read_batch(batch) if batch else [{"id": "", "query": need_question(question)}]
        settings = read_settings()
        from assistant.assembly.knowledge import assemble
        from assistant.exports.export import export_answer, head_note
        from assistant.exports.shapes import answer_to_json, print_answer
        from assistant.pipeline import answer, answer_turns

        knowledge = assemble(settings, access_of(reader))

        for row in rows:
            if "turns" in row:
                texts = [str(turn.get("user", "")) for turn in row["turns"]]
                answers = asyncio.run(answer_turns(texts, knowledge))
                turns = [answer_to_json(each, settings.public_url) for each in answers]
                print(json.dumps({"id": str(row["id"]), "turns": turns}, ensure_ascii=False))
                continue
            given = asyncio.run(answer(question_of(row), knowledge))
            if output:
                head = head_note(settings, settings.contact)
                note = export_answer(question_of(row), given, knowledge.index, head, _NOTES[output.suffix])
                output.write_bytes(note.content)
            if batch or as_json:
                shown = {"id": str(row["id"]), **answer_to_json(given, settings.public_url)}
                print(json.dumps(shown, ensure_ascii=False))
            else:
                print_answer(given, Console())


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Le jeu de questions jugées : un dossier.")],
    report: Annotated[Path | None, typer.Option(help="Écrit un rapport question par question (Markdown).")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Les premières questions de chaque fichier.")] = None,
    reader: AsReader = "public",
    as_json: AsJson = False,
) -> None:
    """Mesure les réponses à un jeu de questions jugées, et compare à la dernière mesure du même jeu."""
    with clear_errors():
        settings = read_settings()
        from assistant.evaluation.command import run_evaluation

        console = None if as_json else Console(highlight=False)
        result = run_evaluation(folder, settings, access_of(reader), limit=limit, report=report, console=console)
        if as_json:
            print(json.dumps(result, ensure_ascii=False))


def need_question(question: str | None) -> str:
    """The question given, or raise BatchWrong."""
    if not question or not question.strip():
        raise BatchWrong("Écrivez une question, entre guillemets, ou donnez un fichier avec --batch.")
    return question


def _print_hits(hits: list[Any]) -> None:
    console = Console(highlight=False)
    if not hits:
        console.print("Aucune fiche trouvée.")
    for number, hit in enumerate(hits, start=1):
        source = escape(f"(fiche {hit.sheet.id}, {hit.sheet.organisation})")
        console.print(f"{number:2}. [bold]{escape(hit.sheet.title)}[/bold] {source}")
        console.print(f"    {hit.passage.section} : {hit.passage.text[:200]}", markup=False)
