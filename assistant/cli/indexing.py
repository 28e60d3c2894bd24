"""Commands that make versions of the index: `assistant reindex`, `adapt`, `index`, `layout`."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console

from assistant.cli.errors import clear_errors, notices
from assistant.cli.options import AsJson
from assistant.process.stopping import end_cleanly_when_asked
from assistant.settings import Settings, read_settings

if TYPE_CHECKING:
    from assistant.reindexing.runs import Report
    from index.manifest import Manifest
    from index.measuring.golden import GoldenResult
    from index.storage.version_store import VersionStore

index_commands = typer.Typer(help="Les versions de l'index.", no_args_is_help=True)
layout_commands = typer.Typer(help="Les mises en page des sources.", no_args_is_help=True)


_Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]...",
        help="Dossiers, fichiers, dépôts git, adresses de CSV, ou liste de sources .toml ; ASSISTANT_SOURCE sinon.",
    ),
]


def reindex(
    sources: _Sources = None,
    pdf_dir: Annotated[Path | None, typer.Option(help="Dossier des fiches descriptives (PDF).")] = None,
    layout: Annotated[str | None, typer.Option(help="Mise en page : un nom livré ou un fichier TOML.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Dit ce qui changerait, sans rien changer.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Met en service malgré les contrôles.")] = False,
    as_json: AsJson = False,
    run_id: Annotated[str, typer.Option(hidden=True)] = "",
    trigger: Annotated[str, typer.Option(hidden=True)] = "command",
    plan: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Relit les fiches et met en service une nouvelle version de l'index."""
    with clear_errors():
        settings = read_settings(pdf_dir=pdf_dir, layout=layout)
        from assistant.reindexing.progress import Watch
        from assistant.reindexing.reindex import ReindexRefused
        from assistant.reindexing.reindex import reindex as run
        from assistant.reindexing.runs import Trigger

        end_cleanly_when_asked()
        if trigger != "command":
            os.nice(5)  # a server is answering people beside
        try:
            with Watch(None if as_json else notices) as watch:
                report = run(
                    settings,
                    watch,
                    sources or (),
                    trigger=TypeAdapter(Trigger).validate_python(trigger),
                    run_id=run_id,
                    plan=plan,
                    dry_run=dry_run,
                    force=force,
                )
        except ReindexRefused as refused:
            _show_refused(refused.report, as_json=as_json)
            raise
        _show(report, as_json=as_json)


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
        from assistant.evaluation.adapt import show_adapted
        from assistant.reindexing.progress import Watch

        os.nice(5)  # it takes minutes; a server may be answering people beside
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
        from assistant.assembly.versions import open_store

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
        from assistant.assembly.versions import open_writing_store
        from assistant.bringing.shelf import Shelf
        from assistant.reindexing.runs import RunJournal

        store = open_writing_store(settings)
        with RunJournal(settings.data_dir).alone(), store.alone():
            manifest = store.roll_back(settings.model_name, version)
            Shelf(settings.data_dir).go_back(manifest.version)
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
        from assistant.assembly.versions import open_writing_store

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
    from assistant.assembly.knowledge import open_settings_encoder
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


def _show(report: "Report", *, as_json: bool) -> None:
    """The report of a version that is in service."""
    from assistant.reindexing.report import show_report

    if as_json:
        print(report.model_dump_json())
    else:
        show_report(report, Console(highlight=False))


def _show_refused(report: "Report", *, as_json: bool) -> None:
    """The report of a version that was refused: in full as JSON, on the terminal what staff may mend."""
    from assistant.reindexing.report import show_remarks

    if as_json:
        print(report.model_dump_json())
    else:
        show_remarks(report, notices)
