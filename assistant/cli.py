"""Command line: `assistant reindex`, `search`, `ask`, `serve`. Exit codes: 0 done, 2 wrong use or input."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markup import escape

from assistant.settings import read_settings
from ingest.refusal import Refusal

cli = typer.Typer(
    help="Assistant de recherche dans les fiches d'un centre de ressources sur la participation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
index_commands = typer.Typer(help="Les versions de l'index.", no_args_is_help=True)
cli.add_typer(index_commands, name="index")

Reader = Literal["public", "member"]
AsReader = Annotated[Reader, typer.Option("--as", help="Les yeux de qui : public ou member (adhérent).")]
AsJson = Annotated[bool, typer.Option("--json", help="Écrit une seule valeur JSON.")]
Batch = Annotated[Path | None, typer.Option("--batch", help="Fichier JSONL de questions : une réponse par ligne.")]

_notices = Console(stderr=True, highlight=False)


@cli.command()
def reindex(
    source: Annotated[
        str | None, typer.Argument(help="Dossier de fiches ou fichier CSV ; ASSISTANT_SOURCE sinon.")
    ] = None,
    pdf_dir: Annotated[Path | None, typer.Option(help="Dossier des fiches descriptives (PDF).")] = None,
    layout: Annotated[str | None, typer.Option(help="Mise en page : un nom livré ou un fichier TOML.")] = None,
    as_json: AsJson = False,
) -> None:
    """Relit les fiches et construit une nouvelle version de l'index."""
    with _clear_errors():
        settings = read_settings(source=source, pdf_dir=pdf_dir, layout=layout)
        from assistant.reindex import reindex as run
        from assistant.reindex import show_report

        report = run(settings, None if as_json else _notices)
        if as_json:
            print(report.model_dump_json())
        else:
            show_report(report, Console(highlight=False))


@index_commands.command("verify")
def verify() -> None:
    """Vérifie les fichiers de la version courante."""
    with _clear_errors():
        settings = read_settings()
        from index.versions import open_index

        manifest = open_index(settings.index_dir, settings.embedding_model, "members").manifest
        counts = f"{manifest.practices} fiches, {sum(manifest.passages.values())} passages, modèle {manifest.model}"
        print(f"Version {manifest.version} : {len(manifest.files)} fichiers intacts, {counts}.")


@cli.command()
def search(
    question: Annotated[str | None, typer.Argument(help="La question.")] = None,
    top: Annotated[int, typer.Option(min=1, max=1000, help="Nombre de fiches.")] = 10,
    batch: Batch = None,
    reader: AsReader = "public",
    as_json: AsJson = False,
) -> None:
    """Cherche les fiches qui répondent à une question."""
    with _clear_errors():
        rows: list[dict[str, Any]] = _read_batch(batch) if batch else [{"id": "", "query": _needed(question)}]
        settings = read_settings()
        from assistant.answer import find_hits
        from assistant.assemble import assemble
        from assistant.shapes import hit_to_json

        knowledge = assemble(settings, _access(reader))
        for row in rows:
            hits = find_hits(_question_of(row), knowledge, k=top)
            if batch or as_json:
                line = {"id": str(row["id"]), "filters": {}, "hits": [hit_to_json(hit) for hit in hits]}
                print(json.dumps(line, ensure_ascii=False))
            else:
                _print_hits(hits)


@cli.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="La question.")] = None,
    batch: Batch = None,
    reader: AsReader = "public",
    as_json: AsJson = False,
) -> None:
    """Répond à une question, avec ses sources."""
    with _clear_errors():
        rows: list[dict[str, Any]] = _read_batch(batch) if batch else [{"id": "", "query": _needed(question)}]
        settings = read_settings()
        from assistant.answer import answer
        from assistant.assemble import assemble
        from assistant.shapes import print_answer

        knowledge = assemble(settings, _access(reader))

        async def run(text: str) -> dict[str, Any]:
            return (await answer(text, knowledge)).model_dump(mode="json")

        for row in rows:
            if "turns" in row:
                texts = [str(turn.get("user", "")) for turn in row["turns"]]
                turns = [asyncio.run(run(text)) for text in texts]
                print(json.dumps({"id": str(row["id"]), "turns": turns}, ensure_ascii=False))
            elif batch or as_json:
                print(json.dumps({"id": str(row["id"]), **asyncio.run(run(_question_of(row)))}, ensure_ascii=False))
            else:
                print_answer(asyncio.run(answer(_question_of(row), knowledge)), Console())


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Adresse d'écoute ; ASSISTANT_HOST sinon.")] = None,
    port: Annotated[int | None, typer.Option(help="Port d'écoute ; ASSISTANT_PORT sinon.")] = None,
) -> None:
    """Sert le chat et l'API. S'il n'y a pas encore d'index, indexe d'abord la source des réglages."""
    with _clear_errors():
        settings = read_settings(host=host, port=port)
        from assistant.web.server import serve as run

        run(settings, _notices)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """An error that someone can mend ends the command with one sentence and code 2, without a traceback."""
    try:
        yield
    except Refusal as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.strerror or error} : {error.filename or ''}".rstrip(" :"))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(message: str) -> None:
    print(message, file=sys.stderr)
    raise typer.Exit(2)


class BatchWrong(Refusal):
    """A file of questions cannot be used."""


def _read_batch(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file, each with an id and a query or turns, or raise BatchWrong with the line."""
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BatchWrong(f"Fichier de questions {str(path)!r} illisible : {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BatchWrong(f"{path}, ligne {number} : ce n'est pas du JSON ({error}).") from error
        if not isinstance(row, dict) or "id" not in row or not ({"query", "turns"} & row.keys()):
            raise BatchWrong(f'{path}, ligne {number} : il faut un objet avec "id" et "query" (ou "turns").')
        rows.append(row)
    return rows


def _question_of(row: dict[str, Any]) -> str:
    return str(row.get("query", ""))


def _needed(question: str | None) -> str:
    if not question or not question.strip():
        raise BatchWrong("Écrivez une question, entre guillemets, ou donnez un fichier avec --batch.")
    return question


def _access(reader: Reader) -> Literal["public", "members"]:
    return "members" if reader == "member" else "public"


def _print_hits(hits: list[Any]) -> None:
    console = Console(highlight=False)
    if not hits:
        console.print("Aucune fiche trouvée.")
    for number, hit in enumerate(hits, start=1):
        source = escape(f"(fiche {hit.sheet.id}, {hit.sheet.organisation})")
        console.print(f"{number:2}. [bold]{escape(hit.sheet.title)}[/bold] {source}")
        console.print(f"    {hit.passage.section} : {hit.passage.text[:200]}", markup=False)
