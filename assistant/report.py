"""The report of a reindexing in French, on a terminal."""

from rich.console import Console

from assistant.runs import Report
from assistant.wording import percent
from index.compare import SheetChange
from ingest.sheet import Remark

_KINDS = {"added": "ajoutée", "changed": "modifiée", "removed": "retirée"}
_MOST_CHANGES = 30  # told one by one on a terminal


def show_report(report: Report, console: Console) -> None:
    """The report, for whoever reindexes."""
    sheets, passages, documents = report.sheets, report.passages, report.documents
    console.print(
        f"[bold]{_headline(report)}[/bold]\n"
        f"Fiches : {sheets.total} ({sheets.added} ajoutées, {sheets.changed} modifiées, {sheets.removed} retirées, "
        f"{sheets.unchanged} inchangées). Pages sur le centre : {report.pages}.\n"
        f"Passages : {passages.public} publics, {passages.members} réservés aux adhérents ; "
        f"{passages.embedded} lus par le modèle, {passages.reused} repris.\n"
        f"Fiches descriptives (PDF) : {documents.read} lues, {documents.locked} protégées par mot de passe, "
        f"{documents.missing} absentes, {documents.unreadable} illisibles."
    )
    if report.golden.recall is not None:
        console.print(
            f"Questions témoins : {percent(report.golden.recall)} des fiches attendues trouvées "
            f"({report.golden.asked} questions posées, {len(report.golden.skipped)} sans objet ici)."
        )
    for reason in report.refusals:
        console.print(f"[bold]Serait refusé[/bold] : {reason}")
    _show_changes(report, console)
    show_remarks(report, console)


def show_remarks(report: Report, console: Console) -> None:
    """The rows and files that need someone's eye."""
    _show_remarks("Lignes et fichiers écartés", report.rejected, console)
    _show_remarks("À vérifier (corrigé ou laissé de côté)", report.notices, console)


def _headline(report: Report) -> str:
    seconds = f"{report.seconds.get('total', 0):.1f} s"
    if report.dry_run:
        return f"Essai, rien n'est changé ({seconds})."
    if report.passages.embedded == 0 and not report.changes:
        return f"Rien n'a changé : la version {report.version} reste en service ({seconds})."
    return f"Version {report.version} en service, en {seconds}."


def _show_changes(report: Report, console: Console) -> None:
    """Each sheet that changes; not on a first indexing, where all are new."""
    if not report.changes or report.sheets.added == report.sheets.total:
        return
    console.print(f"\n[bold]Fiches qui changent : {len(report.changes)}[/bold]")
    for change in report.changes[:_MOST_CHANGES]:
        console.print(f"- {_describe(change)}", markup=False)
    if len(report.changes) > _MOST_CHANGES:
        console.print(f"… et {len(report.changes) - _MOST_CHANGES} autres (toutes avec --json et dans /admin).")


def _describe(change: SheetChange) -> str:
    fields = f" ({', '.join(field.name for field in change.fields)})" if change.fields else ""
    return f"{_KINDS[change.kind]} : fiche {change.sheet}, {change.title}{fields}"


def _show_remarks(title: str, remarks: tuple[Remark, ...], console: Console) -> None:
    if remarks:
        console.print(f"\n[bold]{title} : {len(remarks)}[/bold]")
    for remark in remarks:
        row = f", ligne {remark.row}" if remark.row else ""
        column = f", colonne {remark.column!r}" if remark.column else ""
        console.print(f"- {remark.file}{row}{column} : {remark.reason}", markup=False)
