"""Command line: `assistant reindex`, `search`, `ask`, `serve`. Exit codes: 0 done, 2 wrong use or input, 3 refused."""

import asyncio
import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape

from assistant.command import clear_errors, notices
from assistant.members.cli import members as member_commands
from assistant.proposals.cli import questions as question_commands
from assistant.settings import Settings, read_settings
from assistant.staff.cli import staff as staff_commands
from assistant.stopping import end_cleanly_when_asked
from ingest.refusal import Refusal, explain_os_error

if TYPE_CHECKING:
    from assistant.reindexing.runs import Report
    from index.manifest import Manifest
    from index.measuring.golden import GoldenResult
    from index.storage.version_store import VersionStore

cli = typer.Typer(
    help="Assistant de recherche dans les fiches d'un centre de ressources sur la participation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
index_commands = typer.Typer(help="Les versions de l'index.", no_args_is_help=True)
cli.add_typer(index_commands, name="index")
layout_commands = typer.Typer(help="Les mises en page des sources.", no_args_is_help=True)
cli.add_typer(layout_commands, name="layout")
cli.add_typer(staff_commands, name="staff")
cli.add_typer(member_commands, name="members")
cli.add_typer(question_commands, name="questions")

Reader = Literal["public", "member"]
AsReader = Annotated[Reader, typer.Option("--as", help="Les yeux de qui : public ou member (adhérent).")]
AsJson = Annotated[bool, typer.Option("--json", help="Écrit une seule valeur JSON.")]
Batch = Annotated[Path | None, typer.Option("--batch", help="Fichier JSONL de questions : une réponse par ligne.")]

_NOTES: dict[str, Literal["markdown", "docx"]] = {".md": "markdown", ".docx": "docx"}


@cli.command()
def reindex(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE]...",
            help="Dossiers, fichiers, dépôts git, adresses de CSV, ou liste de sources .toml ; ASSISTANT_SOURCE sinon.",
        ),
    ] = None,
    pdf_dir: Annotated[Path | None, typer.Option(help="Dossier des fiches descriptives (PDF).")] = None,
    layout: Annotated[str | None, typer.Option(help="Mise en page : un nom livré ou un fichier TOML.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Dit ce qui changerait, sans rien changer.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Met en service malgré les contrôles.")] = False,
    as_json: AsJson = False,
    run_id: Annotated[str, typer.Option(hidden=True)] = "",
    trigger: Annotated[str, typer.Option(hidden=True)] = "command",
) -> None:
    """Relit les fiches et met en service une nouvelle version de l'index."""
    with clear_errors():
        settings = read_settings(pdf_dir=pdf_dir, layout=layout)
        from assistant.reindexing.progress import Watch
        from assistant.reindexing.reindex import ReindexRefused
        from assistant.reindexing.reindex import reindex as run
        from assistant.reindexing.report import show_report
        from assistant.reindexing.runs import Trigger

        end_cleanly_when_asked()
        if trigger != "command":
            os.nice(10)  # a server is answering people beside
        try:
            with Watch(None if as_json else notices) as watch:
                report = run(
                    settings,
                    watch,
                    sources or (),
                    trigger=TypeAdapter(Trigger).validate_python(trigger),
                    run_id=run_id,
                    dry_run=dry_run,
                    force=force,
                )
        except ReindexRefused as refused:
            _show_refused(refused.report, as_json=as_json)
            raise
        if as_json:
            print(report.model_dump_json())
        else:
            show_report(report, Console(highlight=False))


@cli.command()
def adapt(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Comme pour reindex ; ASSISTANT_SOURCE sinon.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Entraîne le modèle par défaut sur vos fiches ; ce qu'il apprend n'est gardé que si rien n'en pâtit."""
    with clear_errors():
        settings = read_settings()
        from assistant.evaluation.adapt import adapt as run
        from assistant.reindexing.progress import Watch
        from assistant.reindexing.report import show_adapted

        os.nice(10)  # it takes minutes; a server may be answering people beside
        with Watch(None if as_json else notices) as watch:
            report = run(settings, watch, sources or ())
        if as_json:
            print(report.model_dump_json())
        else:
            show_adapted(report, Console(highlight=False))


@index_commands.command("versions")
def versions(as_json: AsJson = False) -> None:
    """Les versions gardées, la plus récente d'abord."""
    with clear_errors():
        settings = read_settings()
        from assistant.versions import open_store

        store = open_store(settings)
        current, manifests = store.current(), store.manifests()
        if as_json:
            shown = {"created", "source", "layout", "model", "practices", "pages", "passages", "recall"}
            rows = [
                {"version": each.version, "current": each.version == current, **each.model_dump(include=shown)}
                for each in manifests
            ]
            print(json.dumps({"current": current, "versions": rows}, ensure_ascii=False))
            return
        for each in manifests:
            mark = "en service" if each.version == current else ""
            print(f"{each.version}  {each.created}  {each.practices:>5} fiches  {each.source}  {mark}".rstrip())
        if not manifests:
            place = settings.index_dir if settings.index == "files" else "la base"
            print(f"Aucune version dans {place}. Lancez : assistant reindex")


@index_commands.command("rollback")
def rollback(
    version: Annotated[str | None, typer.Argument(help="La version ; celle d'avant sinon.")] = None,
    as_json: AsJson = False,
) -> None:
    """Remet en service une version gardée ; les serveurs en marche la prennent d'eux-mêmes."""
    with clear_errors():
        settings = read_settings()
        from assistant.reindexing.runs import RunJournal
        from assistant.versions import open_writing_store

        store = open_writing_store(settings)
        with RunJournal(settings.data_dir).alone(), store.alone():
            manifest = store.roll_back(settings.model_name, version)
        if as_json:
            print(json.dumps({"version": manifest.version, "promoted": True}))
        else:
            print(f"Version {manifest.version} en service : {manifest.practices} fiches, du {manifest.created}.")


@index_commands.command("verify")
def verify(
    version: Annotated[str | None, typer.Argument(help="La version ; celle en service sinon.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Pose aussi les questions témoins de la source.")] = False,
    questions: Annotated[Path | None, typer.Option(help="Pose les questions témoins de ce fichier.")] = None,
    as_json: AsJson = False,
) -> None:
    """Vérifie chaque fichier d'une version, et ce qu'elle trouve si on le demande."""
    with clear_errors():
        settings = read_settings()
        from assistant.versions import open_writing_store

        store = open_writing_store(settings)
        manifest = store.verify(version)
        golden = _ask_golden(manifest, questions or settings.golden, settings, store) if ask or questions else None
        if as_json:
            asked = {"golden": {**golden.model_dump(mode="json"), "before": manifest.recall}} if golden else {}
            print(json.dumps({"version": manifest.version, "intact": True, "files": len(manifest.files), **asked}))
            return
        counts = f"{manifest.practices} fiches, {sum(manifest.passages.values())} passages, modèle {manifest.model}"
        print(f"Version {manifest.version} : {len(manifest.files)} fichiers intacts, {counts}.")
        if golden:
            from assistant.reindexing.report import show_golden

            if not golden.asked:
                print("Aucune question témoin à poser : donnez un fichier avec --questions.")
            show_golden(golden, Console(highlight=False), manifest.recall)


def _ask_golden(
    manifest: "Manifest", questions: Path | None, settings: Settings, store: "VersionStore"
) -> "GoldenResult":
    from assistant.assemble import open_settings_encoder
    from assistant.reindexing.gate import ask_version

    return ask_version(manifest, store, questions, lambda: open_settings_encoder(settings))


@layout_commands.command("check")
def check_layout(
    layout: Annotated[str, typer.Argument(help="La mise en page : un fichier TOML ou un nom livré.")],
    source: Annotated[str, typer.Argument(help="La source à lire avec elle.")],
) -> None:
    """Dit ce qu'une mise en page trouve dans une source, et montre trois fiches comme elles seraient."""
    with clear_errors():
        settings = read_settings()
        from assistant.reindexing.layout_check import show_layout_check
        from ingest.source_list import Source

        place = Source(address=source, private=settings.private_sources)
        show_layout_check(layout, place, settings.sources_dir, Console(highlight=False))


@cli.command()
def search(
    question: Annotated[str | None, typer.Argument(help="La question.")] = None,
    top: Annotated[int, typer.Option(min=1, max=1000, help="Nombre de fiches.")] = 10,
    batch: Batch = None,
    reader: AsReader = "public",
    as_json: AsJson = False,
) -> None:
    """Cherche les fiches qui répondent à une question."""
    with clear_errors():
        rows: list[dict[str, Any]] = _read_batch(batch) if batch else [{"id": "", "query": _needed(question)}]
        settings = read_settings()
        from assistant.assemble import assemble
        from assistant.search import find_hits
        from assistant.shapes import hit_to_json
        from index.understanding import understand

        knowledge = assemble(settings, _access(reader))
        for row in rows:
            understood = understand(_question_of(row), knowledge.index.lexicon)
            hits = find_hits(_question_of(row), knowledge, k=top)
            if batch or as_json:
                filters = understood.filters.to_json()
                line = {"id": str(row["id"]), "filters": filters, "hits": [hit_to_json(hit) for hit in hits]}
                print(json.dumps(line, ensure_ascii=False))
            else:
                _print_hits(hits)


@cli.command()
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
        rows: list[dict[str, Any]] = _read_batch(batch) if batch else [{"id": "", "query": _needed(question)}]
        settings = read_settings()
        from assistant.answer import answer, answer_turns
        from assistant.assemble import assemble
        from assistant.exports.export import Letterhead, export_answer
        from assistant.shapes import print_answer

        knowledge = assemble(settings, _access(reader))

        for row in rows:
            if "turns" in row:
                texts = [str(turn.get("user", "")) for turn in row["turns"]]
                turns = [each.model_dump(mode="json") for each in asyncio.run(answer_turns(texts, knowledge))]
                print(json.dumps({"id": str(row["id"]), "turns": turns}, ensure_ascii=False))
                continue
            given = asyncio.run(answer(_question_of(row), knowledge))
            if output:
                head = Letterhead(settings.centre_name, settings.contact, date.today())
                note = export_answer(_question_of(row), given, knowledge.index, head, _NOTES[output.suffix])
                output.write_bytes(note.content)
            if batch or as_json:
                shown = {"id": str(row["id"]), **given.model_dump(mode="json")}
                print(json.dumps(shown, ensure_ascii=False))
            else:
                print_answer(given, Console())


@cli.command()
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
        result = run_evaluation(folder, settings, _access(reader), limit=limit, report=report, console=console)
        if as_json:
            print(json.dumps(result, ensure_ascii=False))


@cli.command()
def purge(
    days: Annotated[
        int | None, typer.Option(min=0, help="Jours gardés, 0 : aucun ; ASSISTANT_RETENTION_DAYS sinon.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Efface pour de bon questions, avis et conversations plus anciens ; le serveur le fait aussi chaque jour."""
    with clear_errors():
        settings = read_settings()
        from assistant.store.database import open_settings_database
        from assistant.store.retention import purge as run

        purged = run(open_settings_database(settings), settings.retention_days if days is None else days)
        if as_json:
            print(purged.model_dump_json())
        else:
            print(f"Effacé : {purged.questions} questions, {purged.conversations} conversations.")


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Adresse d'écoute ; ASSISTANT_HOST sinon.")] = None,
    port: Annotated[int | None, typer.Option(help="Port d'écoute ; ASSISTANT_PORT sinon.")] = None,
) -> None:
    """Sert le chat et l'API. S'il n'y a pas encore d'index, indexe d'abord la source des réglages."""
    with clear_errors():
        settings = read_settings(host=host, port=port)
        from assistant.web.server import serve as run

        run(settings, notices)


@cli.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="L'archive à écrire : .tar.zst ou .tar.gz.")],
    as_json: AsJson = False,
) -> None:
    """Sauvegarde tout ce qui compte, pendant que les serveurs tournent."""
    with clear_errors():
        settings = read_settings()
        from assistant.backup.backup import back_up, check_saved_index
        from assistant.backup.report import describe_backup

        manifest = back_up(settings, file)
        print(manifest.model_dump_json(exclude={"files"}) if as_json else describe_backup(manifest, file))
        check_saved_index(settings, manifest)


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="L'archive qu'a écrite « assistant backup ».")],
    force: Annotated[
        bool, typer.Option("--force", help="Remplace ce que contient déjà le dossier de données.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remet ce qu'une sauvegarde contient ; les serveurs doivent être arrêtés."""
    with clear_errors():
        settings = read_settings()
        from assistant.backup.report import describe_restored
        from assistant.backup.restore import restore as run

        manifest = run(settings, file, force=force)
        print(manifest.model_dump_json(exclude={"files"}) if as_json else describe_restored(manifest, settings))


def _show_refused(report: "Report", *, as_json: bool) -> None:
    """The report of a version that was refused: in full as JSON, on the terminal what staff may mend."""
    from assistant.reindexing.report import show_remarks

    if as_json:
        print(report.model_dump_json())
    else:
        show_remarks(report, notices)


class BatchWrong(Refusal):
    """A file of questions cannot be used."""


def _read_batch(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file, each with an id and a query or turns, or raise BatchWrong with the line."""
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BatchWrong(f"Fichier de questions {str(path)!r} illisible : {_explain_unread(error)}.") from error
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


def _explain_unread(error: OSError | UnicodeDecodeError) -> str:
    return explain_os_error(error) if isinstance(error, OSError) else "ce n'est pas du texte en UTF-8"


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


if __name__ == "__main__":
    cli()
