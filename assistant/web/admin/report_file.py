"""Report of a reindexing as a file that a spreadsheet opens."""

from collections.abc import Iterator, Mapping, Sequence

from assistant.exports.spreadsheet import write_table
from assistant.french.dates import say_date
from assistant.reindexing.runs import Report, Run
from assistant.web.admin.words import KINDS, STATUSES
from index.compare import FieldChange
from ingest.sheet import Remark

_HEADER = ("Rubrique", "Fiche", "Titre", "Champ", "Avant", "Après", "Fichier", "Ligne", "Colonne", "Détail")


def write_report(run: Run) -> bytes:
    """The report as a table that a spreadsheet opens."""
    return write_table(_HEADER, ([row.get(name, "") for name in _HEADER] for row in _list_rows(run)))


def _list_rows(run: Run) -> Iterator[Mapping[str, str]]:
    yield {"Rubrique": "Réindexation", "Champ": "État", "Après": STATUSES[run.status], "Détail": run.error}
    yield {"Rubrique": "Réindexation", "Champ": "Début", "Après": say_date(run.started)}
    report = run.report
    if report is None:
        return
    for name, count in _count_all(report):
        yield {"Rubrique": "Bilan", "Champ": name, "Après": count}
    for question in report.golden.missed:
        yield {"Rubrique": "Question témoin", "Fiche": ", ".join(question.sheets), "Détail": question.question}
    for change in report.changes:
        about = {"Rubrique": KINDS[change.kind], "Fiche": change.sheet, "Titre": change.title}
        fields = change.fields or (FieldChange(name="", before="", after=""),)
        for each in fields:
            yield {**about, "Champ": each.name, "Avant": each.before, "Après": each.after}
    yield from _list_remarks("Écarté", report.rejected)
    yield from _list_remarks("À vérifier", report.notices)
    yield from _list_remarks("PDF absent", report.absent)


def _list_remarks(heading: str, remarks: Sequence[Remark]) -> Iterator[Mapping[str, str]]:
    for each in remarks:
        row = str(each.row or "")
        yield {"Rubrique": heading, "Fichier": each.file, "Ligne": row, "Colonne": each.column, "Détail": each.reason}


def _count_all(report: Report) -> list[tuple[str, str]]:
    """Every count of a report, with its name."""
    sheets, passages, documents = report.sheets, report.passages, report.documents
    counts: dict[str, object] = {
        "Version": report.version,
        "Fiches": sheets.total,
        "Fiches ajoutées": sheets.added,
        "Fiches modifiées": sheets.changed,
        "Fiches retirées": sheets.removed,
        "Fiches inchangées": sheets.unchanged,
        "Pages sur le centre": report.pages,
        "Passages publics": passages.public,
        "Passages réservés aux adhérents": passages.members,
        "Passages lus par le modèle": passages.embedded,
        "Passages repris": passages.reused,
        "PDF lus": documents.read,
        "PDF protégés par mot de passe": documents.locked,
        "PDF illisibles": documents.unreadable,
        "PDF absents": documents.missing,
        "Lignes et fichiers écartés": len(report.rejected),
        "Points à vérifier": len(report.notices),
        "Durée en secondes": report.seconds.get("total", ""),
    }
    return [(name, str(count)) for name, count in counts.items()]
