"""Choice of a layout: when none is named, the columns of the files decide."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from ingest.confined import FileReader
from ingest.layout import Layout, read_layout, shipped_layouts
from ingest.listing import is_text, list_source_files
from ingest.markdown import PageUnreadable
from ingest.refusal import Refusal
from ingest.sheet import Frozen
from ingest.table import missing_columns
from language.letters import fold

_SAMPLE = 20  # texts of a folder that are looked at
_LEAST_SHARE = 0.25  # of the texts must have a heading that the layout names
_LEAST_COLUMNS = 2  # of the table must be known: one name alone, such as "Nom", is anyone's


class LayoutUnknown(Refusal):
    """No layout fits the files of a source; the message lists near misses, in French."""


class Fit(Frozen):
    """How a layout suits a source: the columns it finds, those it cannot do without, those that it does not read."""

    layout: Layout
    file: str = ""
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    usable: bool = False

    @property
    def share(self) -> float:
        """The part of the source's columns that the layout reads."""
        return len(self.found) / max(1, len(self.found) + len(self.unused))


def choose_layout(path: Path, layouts: Sequence[Layout] | None = None, reader: FileReader | None = None) -> Layout:
    """The layout that reads most of the columns found in a file or folder, or raise LayoutUnknown or TableUnusable."""
    layouts = layouts if layouts is not None else [read_layout(name) for name in shipped_layouts()]
    if reader is None:
        with FileReader() as own:
            return choose_layout(path, layouts, own)
    fits = [measure_fit(path, layout, reader) for layout in layouts]
    usable = [fit for fit in fits if fit.usable]
    if usable:
        # A table is made to hold sheets; texts may lie beside it for another purpose.
        return max(usable, key=lambda fit: (not is_text(fit.file), len(fit.found), fit.share)).layout
    if not any(fit.file for fit in fits):
        raise LayoutUnknown(f"{path} : aucun tableau CSV ni texte Markdown de fiches ici.")
    most = max(len(fit.found) for fit in fits)
    near = " ; ".join(
        _describe_miss(fit)
        for fit in sorted(fits, key=lambda fit: -len(fit.found))
        if fit.file and 2 * len(fit.found) >= most
    )
    raise LayoutUnknown(
        f"{path} : aucune mise en page ne convient. Au plus près : {near}. Renommez ces colonnes, ou écrivez une mise "
        "en page (voir docs/fr) et vérifiez-la avec : assistant layout check FICHIER.toml SOURCE"
    )


def measure_fit(path: Path, layout: Layout, reader: FileReader) -> Fit:
    """How the layout suits a file or a folder; or raise TableUnusable when its table cannot be read at all."""
    tables, texts = list_source_files(path, layout)
    if tables:
        header = [name.strip() for name in reader.read_header(tables[0], layout) if name.strip()]
        missing = missing_columns(header, layout)
        return _compare(layout, tables[0].name, header, missing, usable=not missing)
    if texts:
        return _measure_texts(texts, layout, reader)
    return Fit(layout=layout)


def _measure_texts(texts: list[Path], layout: Layout, reader: FileReader) -> Fit:
    known = {fold(name) for family in layout.columns_by_part.values() for name in family}
    headings: list[str] = []
    fitting = 0
    for text in texts[:: max(1, len(texts) // _SAMPLE)]:
        try:
            names = reader.read_headings(text)
        except PageUnreadable:
            continue
        headings += names
        fitting += any(fold(name) in known for name in names)
    share = fitting / len(texts[:: max(1, len(texts) // _SAMPLE)])
    usable = bool(layout.files.sheets) and share >= _LEAST_SHARE
    return _compare(layout, texts[0].name, headings, [], usable=usable)


def _compare(layout: Layout, file: str, names: Sequence[str], missing: list[str], *, usable: bool) -> Fit:
    known = {fold(name) for family in layout.columns_by_part.values() for name in family}
    distinct = list(dict.fromkeys(names))
    found = tuple(name for name in distinct if fold(name) in known)
    unused = tuple(name for name in distinct if fold(name) not in known)
    enough = is_text(file) or len(found) >= min(_LEAST_COLUMNS, len(distinct))
    return Fit(layout=layout, file=file, found=found, missing=tuple(missing), unused=unused, usable=usable and enough)


def _describe_miss(fit: Fit) -> str:
    if not fit.missing:
        return f"« {fit.layout.name} » (trop peu de ses colonnes dans {fit.file})"
    parts = []
    for name in fit.missing:
        close = get_close_matches(fold(name), [fold(other) for other in fit.unused], n=1, cutoff=0.75)
        alike = next((other for other in fit.unused if close and fold(other) == close[0]), "")
        parts.append(f"{name!r}" + (f" (vous avez {alike!r} ?)" if alike else ""))
    return f"« {fit.layout.name} » à qui il manque {', '.join(parts)} dans {fit.file}"
