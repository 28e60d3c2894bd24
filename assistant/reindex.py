"""Reindexing: reads the source of the settings, builds a version, reports what was done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.assemble import open_settings_encoder, prepare_data_dir
from assistant.settings import Settings
from index.build import PassageCounts, SheetCounts, Step, StepProgress, build_index
from ingest.layout import read_layout
from ingest.sheet import Frozen, Remark
from ingest.source import read_source

_STEPS: dict[Step, str] = {
    "sheets": "Fiches",
    "public": "Passages publics",
    "members": "Passages réservés",
    "writing": "Écriture",
}


class Documents(Frozen):
    """What became of the members' documents that the sheets announce."""

    read: int
    locked: int
    unreadable: int
    missing: int


class Report(Frozen):
    """What a reindexing did."""

    version: str
    promoted: bool
    sheets: SheetCounts
    pages: int
    passages: PassageCounts
    rejected: tuple[Remark, ...]
    notices: tuple[Remark, ...]
    documents: Documents
    seconds: dict[str, float]


def reindex(settings: Settings, console: Console | None) -> Report:
    """Read, embed, write, make current. Errors of the parts pass through; the current version is then untouched."""
    start = time.perf_counter()
    layout = read_layout(settings.layout)
    passwords = {pattern: secret.get_secret_value() for pattern, secret in settings.pdf_passwords.items()}
    reading = read_source(settings.source, layout, settings.pdf_dir, passwords)
    read = time.perf_counter()
    prepare_data_dir(settings)
    with _show_progress(console) as progress:
        if console:
            console.print(f"{len(reading.practices)} fiches lues. Ouverture du modèle {settings.embedding_model}…")
        encoder = open_settings_encoder(settings)
        opened = time.perf_counter()
        built = build_index(reading, layout, settings.source, encoder, settings.index_dir, progress)
    seconds = {"read": read - start, "model": opened - read, **built.seconds, "total": time.perf_counter() - start}
    counts = reading.document_counts
    return Report(
        version=built.version,
        promoted=True,
        sheets=built.sheets,
        pages=built.pages,
        passages=built.passages,
        rejected=tuple(reading.rejected),
        notices=tuple(reading.notices),
        documents=Documents(
            read=counts.read, locked=counts.locked, unreadable=counts.unreadable, missing=counts.missing
        ),
        seconds={step: round(value, 3) for step, value in seconds.items()},
    )


def show_report(report: Report, console: Console) -> None:
    """The report in French, for whoever reindexes."""
    sheets, passages, documents = report.sheets, report.passages, report.documents
    console.print(
        f"[bold]Version {report.version} en service[/bold], en {report.seconds['total']:.1f} s.\n"
        f"Fiches : {sheets.total} ({sheets.added} ajoutées, {sheets.changed} modifiées, {sheets.removed} retirées, "
        f"{sheets.unchanged} inchangées). Pages sur le centre : {report.pages}.\n"
        f"Passages : {passages.public} publics, {passages.members} réservés aux adhérents.\n"
        f"Fiches descriptives (PDF) : {documents.read} lues, {documents.locked} protégées par mot de passe, "
        f"{documents.missing} absentes, {documents.unreadable} illisibles."
    )
    _show_remarks("Lignes et fichiers écartés", report.rejected, console)
    _show_remarks("À vérifier (corrigé ou laissé de côté)", report.notices, console)


def _show_remarks(title: str, remarks: tuple[Remark, ...], console: Console) -> None:
    if remarks:
        console.print(f"\n[bold]{title} : {len(remarks)}[/bold]")
    for remark in remarks:
        row = f", ligne {remark.row}" if remark.row else ""
        column = f", colonne {remark.column!r}" if remark.column else ""
        console.print(f"- {remark.file}{row}{column} : {remark.reason}", markup=False)


@contextmanager
def _show_progress(console: Console | None) -> Iterator[StepProgress | None]:
    """A line for each step with what is done and the time left; nothing without a console."""
    if console is None:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        tasks = {}

        def report(step: Step, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(_STEPS[step], total=total)
            bars.update(tasks[step], completed=done)

        yield report
