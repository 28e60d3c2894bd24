"""Layout check: says in plain French what a layout finds in a source, and shows three sheets as they would be."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from ingest.choice import Fit, measure_fit
from ingest.confined import FileReader
from ingest.facet_values import count_values
from ingest.fetch import fetch_source
from ingest.layout import Layout, read_layout
from ingest.reading import Reading
from ingest.remark_groups import group_remarks
from ingest.sheet import Remark, Sheet
from ingest.source import read_source
from ingest.source_list import Source

_SHOWN, _VALUES = 3, 12  # sheets, and values of a filter


def show_layout_check(name_or_path: str, source: Source, store: Path, console: Console) -> None:
    """Print the account of a layout on a source. Errors of reading pass through: they say what to mend."""
    layout = read_layout(name_or_path)
    path = fetch_source(source.address, store, private=source.private).path
    with FileReader() as reader:
        fit = measure_fit(path, layout, reader)
    console.print(f"[bold]Mise en page « {layout.name} »[/bold] : {layout.title}", highlight=False)
    _show_columns(fit, layout, console)
    if not fit.usable:
        console.print("\n[bold]Cette mise en page ne convient pas[/bold] : corrigez les noms de colonnes ci-dessus.")
    reading = read_source(str(path), layout)
    _show_counts(reading, layout, console)
    for sheet in reading.practices[:_SHOWN]:
        _show_sheet(sheet, (reading.layouts + reading.members_layouts)[0], console)


def _show_columns(fit: Fit, layout: Layout, console: Console) -> None:
    console.print(f"Fichier lu : {fit.file or 'aucun'}", markup=False)
    console.print(f"Colonnes trouvées ({len(fit.found)}) : {', '.join(fit.found) or 'aucune'}", markup=False)
    if fit.missing:
        console.print(f"Colonnes nécessaires et absentes : {', '.join(fit.missing)}", markup=False)
    found = {name.casefold() for name in fit.found}
    absent = [
        f"{part} (« {family[0]} »)"
        for part, family in layout.columns_by_part.items()
        if family and family[0] not in ("h1", "file_name") and not found & {name.casefold() for name in family}
    ]
    console.print(f"Parties qui resteraient vides : {', '.join(absent) or 'aucune'}", markup=False)
    kept = "lues sous leur propre titre" if layout.files.sheets and not layout.files.tables else "non lues"
    unused = ", ".join(fit.unused[:30]) + (" …" if len(fit.unused) > 30 else "")
    console.print(f"Colonnes {kept} ({len(fit.unused)}) : {unused or 'aucune'}", markup=False)


def _show_counts(reading: Reading, layout: Layout, console: Console) -> None:
    total = len(reading.practices)
    console.print(
        f"\n[bold]{total} fiches lues[/bold], {len(reading.pages)} pages, {len(reading.rejected)} lignes ou fichiers "
        f"écartés, {len(reading.notices)} remarques."
    )
    _show_groups("Écarté", reading.rejected, console)
    _show_groups("À vérifier", reading.notices, console)
    for section in layout.sections:
        count = sum(any(part.key == section.key for part in sheet.sections) for sheet in reading.practices)
        console.print(f"  {section.title} : {count} fiches sur {total}", markup=False)
    for name, facet in layout.facets.items():
        count = sum(bool(getattr(sheet, name)) for sheet in reading.practices)
        console.print(f"  {facet.title} : {count} fiches sur {total}", markup=False)
        values = [f"{each.label} ({each.count})" for each in count_values(reading.values) if each.facet == name]
        if values:
            shown = ", ".join(values[:_VALUES]) + (" …" if len(values) > _VALUES else "")
            console.print(f"    valeurs trouvées ({len(values)}) : {shown}", markup=False)
    placed = sum(bool(sheet.place.departement or sheet.place.region) for sheet in reading.practices)
    console.print(f"  Lieu reconnu : {placed} fiches sur {total}", markup=False)


def _show_groups(title: str, remarks: Sequence[Remark], console: Console) -> None:
    """The remarks that say the same thing together, with some of them."""
    for group in group_remarks(remarks):
        rows = ", ".join(str(each.row) for each in group.examples if each.row)
        where = f"{group.examples[0].file}{f', ligne {rows}' if rows else ''}{' …' if group.more and rows else ''}"
        column = f", colonne {group.column!r}" if group.column else ""
        console.print(f"- {title} ({group.count}) : {where}{column} : {group.examples[0].reason}", markup=False)


def _show_sheet(sheet: Sheet, layout: Layout, console: Console) -> None:
    console.print(f"\n[bold]Fiche {sheet.id}[/bold]")
    console.print(f"  Titre : {sheet.title}", markup=False)
    lines = {
        "Porteur": sheet.organisation,
        "Lieu": " ".join(filter(None, (sheet.place.commune, sheet.place.departement, sheet.place.region))),
        "Programme": " ".join(filter(None, (sheet.source, sheet.edition, sheet.prize))),
        "Site": sheet.website,
    }
    for key, facet in layout.facets.items():
        lines[facet.title] = ", ".join(facet.labels.get(code, code) for code in getattr(sheet, key))
    for section in sheet.sections:
        text = " / ".join(f"{block.label} : {block.text}" if block.label else block.text for block in section.blocks)
        lines[section.title] = text[:200] + (" …" if len(text) > 200 else "")
    for name, value in lines.items():
        if value:
            console.print(f"  {name} : {value}", markup=False)
