"""Layout check: says in plain French what a layout finds in a source, and shows three sheets as they would be."""

from pathlib import Path

from rich.console import Console

from ingest.choice import Fit, measure_fit
from ingest.confined import FileReader
from ingest.fetch import fetch_source
from ingest.layout import Layout, read_layout
from ingest.reading import Reading
from ingest.sheet import Sheet
from ingest.source import read_source
from ingest.source_list import Source

_SHOWN = 3  # sheets


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
        _show_sheet(sheet, layout, console)


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
    for remark in reading.rejected[:10]:
        row = f", ligne {remark.row}" if remark.row else ""
        console.print(f"- écarté : {remark.file}{row} {remark.column} : {remark.reason}", markup=False)
    for section in layout.sections:
        count = sum(any(part.key == section.key for part in sheet.sections) for sheet in reading.practices)
        console.print(f"  {section.title} : {count} fiches sur {total}", markup=False)
    for name, facet in layout.facets.items():
        count = sum(bool(getattr(sheet, name)) for sheet in reading.practices)
        console.print(f"  {facet.title} : {count} fiches sur {total}", markup=False)
    placed = sum(bool(sheet.place.departement or sheet.place.region) for sheet in reading.practices)
    console.print(f"  Lieu reconnu : {placed} fiches sur {total}", markup=False)


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
