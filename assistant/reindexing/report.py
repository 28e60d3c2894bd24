"""The report of a reindexing in French, on a terminal."""

from rich.console import Console
from rich.markup import escape

from assistant.french.numbers import percent
from assistant.reindexing.runs import Report
from assistant.wording import count
from index.compare import SheetChange
from index.measuring.golden import GoldenResult
from ingest.sheet import Remark

_KINDS = {"added": "ajoutée", "changed": "modifiée", "removed": "retirée"}
_MOST_CHANGES = 30  # told one by one on a terminal


def show_report(report: Report, console: Console) -> None:
    """The report, for whoever reindexes."""
    sheets, passages, documents = report.sheets, report.passages, report.documents
    console.print(f"[bold]{_headline(report)}[/bold]")
    for reason in report.refusals:
        console.print(f"[bold]Serait refusé[/bold] : {escape(reason)}")
    console.print(
        f"Fiches : {sheets.total} ({count(sheets.added, 'ajoutée')}, {count(sheets.changed, 'modifiée')}, "
        f"{count(sheets.removed, 'retirée')}, {count(sheets.unchanged, 'inchangée')}). "
        f"Pages sur le centre : {report.pages}.\n"
        f"Passages : {count(passages.public, 'public', 'publics')}, {passages.members} réservés aux adhérents ; "
        f"{count(passages.embedded, 'lu', 'lus')} par le modèle, {passages.reused} repris.\n"
        f"Fiches descriptives (PDF) : {count(documents.read, 'lue')}, {documents.locked} sous mot de passe, "
        f"{count(documents.missing, 'absente')}, {count(documents.unreadable, 'illisible')}."
    )
    _show_files(report, console)
    show_golden(report.golden, console)
    _show_changes(report, console)
    show_remarks(report, console)


def _show_files(report: Report, console: Console) -> None:
    names = ", ".join(report.files[:3]) + (f" et {len(report.files) - 3} autres" if len(report.files) > 3 else "")
    console.print(f"Fichiers lus : {names}", markup=False)
    if report.set_aside:
        console.print(f"Tableaux laissés de côté : {', '.join(report.set_aside)}", markup=False)


def show_golden(golden: GoldenResult, console: Console, before: float | None = None) -> None:
    """What became of the golden questions; `before` is the recall at another time, told beside."""
    if golden.recall is not None:
        found = f"{percent(golden.recall)} des fiches attendues trouvées, {count(golden.asked, 'question posée')}"
        compared = f" (à l'indexation : {percent(before)})" if before is not None else ""
        console.print(f"Questions témoins : {found}{compared}.", soft_wrap=True)
    for question in golden.missed:
        console.print(f"- ne trouve pas la fiche {', '.join(question.sheets)} : {question.question}", markup=False)
    for question in golden.unknown:
        console.print(f"- attend une fiche inconnue, {', '.join(question.sheets)} : {question.question}", markup=False)


def show_remarks(report: Report, console: Console) -> None:
    """The rows and files that need someone's eye."""
    for reason in () if report.promoted or report.dry_run else report.refusals:
        console.print(f"[bold]Refusé[/bold] : {escape(reason)}")
    _show_remarks("Lignes et fichiers écartés", report.rejected, console)
    _show_remarks("À vérifier (corrigé ou laissé de côté)", report.notices, console)


def _headline(report: Report) -> str:
    seconds = f"{report.seconds.get('total', 0):.1f} s"
    if report.dry_run:
        return f"Essai, rien n'est changé ({seconds})."
    if "index" not in report.seconds:  # no version was built
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
