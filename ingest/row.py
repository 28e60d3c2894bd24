"""Row reader: the cells of one row, under the columns of a layout, become one sheet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from ingest.column_names import read_constant, split_joined
from ingest.facet_values import LONGEST, FoundValue
from ingest.layout import Columns, FacetColumn, Layout, SectionColumn, SectionTitle
from ingest.place_cells import plain_number
from ingest.place_reading import PlaceReader
from ingest.repair import mask_contacts, repair_text, split_parts, tidy
from ingest.sheet import Access, Block, Place, Section, Sheet
from language.grammar import Grammar
from language.letters import fold, slug
from language.shapes import ADDRESS
from language.text import read_text

Mended = list[tuple[str, str]]  # column, what was mended in it

_SHEET = Grammar("sheet")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_FILES = (".pdf", ".md", ".markdown")
_BULLET = re.compile(r"(?:^ *|\n *|(?<! ) {2,})[-–•]\s*(?=\S)")
# A step whose "//" was lost: two spaces, then the next label, short and starting with a capital or a figure.
_LOST_STEP = re.compile(r"(?<! ) {2,}(?=[A-ZÉÈÀ0-9\"«][^:]{1,90}::)")


class RowUnusable(Exception):
    """A row cannot become a sheet; carries the column and the reason, in French."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


@dataclass(frozen=True)
class Row:
    """Cells by column name; names are compared folded."""

    names: dict[str, int]
    cells: tuple[str, ...]

    def get(self, family: Columns, joint: str = " ") -> str:
        """The first filled cell among the columns of these names, stripped; "" if there is none."""
        return next((cell for _, cell in self.filled(family, joint)), "")

    def filled(self, family: Columns, joint: str = " ") -> Iterator[tuple[str, str]]:
        """Name and content of each filled cell among the columns of these names; columns that a name joins are one."""
        for name in family:
            if cell := read_constant(name) or self._find(name) or joint.join(filter(None, self._find_joined(name))):
                yield name, cell

    def _find(self, name: str) -> str:
        position = self.names.get(fold(name), len(self.cells))
        return self.cells[position].strip() if position < len(self.cells) else ""

    def _find_joined(self, name: str) -> list[str]:
        return [self._find(part) for part in split_joined(name)]


@dataclass(frozen=True)
class RowReading:
    """What a row held: its sheet, the name of its members' document ("" if none), what was mended, by column, and the
    values of facets whose layout lists none."""

    sheet: Sheet
    document: str
    mended: Mended
    values: tuple[FoundValue, ...] = ()


def read_row(
    row: Row, layout: Layout, written: tuple[Section, ...] | None = None, access: Access = "public"
) -> RowReading:
    """The sheet of a row, and what there is to say of it; or raise RowUnusable.

    `written` are the sections of a text, whose sections are not in cells.
    """
    mended: Mended = []
    cells = (_read_section(row, column, layout) for column in layout.sections)
    sections = written if written is not None else tuple(section for section in cells if section)
    title = _read_line(row, layout.columns.title, layout)
    organisation = _read_line(row, layout.columns.organisation, layout)
    _check_required({"title": title, "organisation": organisation}, sections, layout)
    document = row.get(layout.columns.document)
    codes = {name: _read_codes(row, facet, layout.marks.code, mended) for name, facet in layout.facets.items()}
    found = {name: _find_values(row, facet, mended) for name, facet in layout.facets.items() if not facet.labels}
    codes |= {name: tuple(by_code) for name, by_code in found.items()}
    sheet = Sheet(
        id=_read_id(row, layout) or _slug(f"{organisation} {title}"),
        access=access,
        title=title,
        organisation=organisation,
        address=_read_line(row, layout.columns.address, layout),
        porteur=codes.get("porteur", ()),
        demarche=codes.get("demarche", ()),
        thematique=codes.get("thematique", ()),
        **_read_programme(row, layout, mended),
        place=_read_place(row, layout, mended),
        sections=sections,
        website=_read_url(row.get(layout.columns.website)),
        logo=_read_url(row.get(layout.columns.logo)),
        links=_find_links(sections),
        has_document=bool(document),
    )
    values = tuple(
        FoundValue(facet=name, code=code, label=label)
        for name, by_code in found.items()
        for code, label in by_code.items()
    )
    return RowReading(sheet, document_name(document or row.get(layout.columns.file_name)), mended, values)


def _find_links(sections: tuple[Section, ...]) -> tuple[str, ...]:
    """The web addresses that sections give, each once."""
    texts = (block.text for section in sections for block in section.blocks)
    addresses = (address for text in texts for address in ADDRESS.findall(text))
    return tuple(dict.fromkeys(address for address in addresses if address.startswith(("http://", "https://"))))


def document_name(link: str) -> str:
    """The file name at the end of a link or path: decoded, accents composed, no query."""
    path = link.partition("://")[2].partition("?")[0] if "://" in link else link
    whole, _, _ = path.partition("#")  # which a name may have: "1. Fiche #2.pdf"
    path = whole if "://" in link and whole.lower().endswith(_FILES) else path
    return tidy(unquote(path).rsplit("/", 1)[-1]).strip()


def _repair(text: str, layout: Layout) -> str:
    return repair_text(text, lost_commas=layout.marks.lost_commas)


def _read_line(row: Row, family: Columns, layout: Layout) -> str:
    """A cell on one line, without what belongs to persons."""
    return mask_contacts(" ".join(_repair(row.get(family), layout).split()))


def _check_required(fields: dict[str, str], sections: tuple[Section, ...], layout: Layout) -> None:
    filled = {key for key, value in fields.items() if value} | {section.key for section in sections}
    columns = {part: (family or ("",))[0] for part, family in layout.columns_by_part.items()}
    for key in layout.required.filled:
        if key not in filled:
            raise RowUnusable(columns[key], "la cellule est vide : la fiche ne peut pas se passer de cette partie")
    if layout.required.one_of and not filled & set(layout.required.one_of):
        names = " ou ".join(repr(columns[key]) for key in layout.required.one_of)
        raise RowUnusable(columns[layout.required.one_of[0]], f"la fiche n'a pas de texte : remplissez {names}")
    if not sections:
        raise RowUnusable("", "la fiche n'a pas de texte")


def _read_id(row: Row, layout: Layout) -> str:
    for _, cell in row.filled(layout.id.columns):
        is_file = "://" in cell or cell.lower().endswith(_FILES)  # else a slash is part of a number: 2021/12
        if found := re.search(layout.id.pattern, document_name(cell) if is_file else tidy(cell).strip()):
            # An id stands in addresses and in the ids of passages.
            return found[1] if re.fullmatch(r"[\w.-]+", found[1]) else _slug(found[1])
    return ""


def _slug(text: str) -> str:
    return slug(text)[:80].rstrip("-")


def _read_section(row: Row, column: SectionColumn, layout: Layout) -> Section | None:
    mark = column.separator or layout.marks.paragraph
    if column.form == "facts":
        blocks = [
            Block(label=name, text=_repair(cell, layout).replace("\n", " ")) for name, cell in row.filled(column.column)
        ]
        return _make_section(row, column, blocks, layout)
    parts = split_parts(tidy(row.get(column.column, joint=mark)), mark)
    if column.form == "bullets":
        pieces = [point for part in parts for point in _BULLET.split(part)]
        blocks = [Block(text=text) for piece in pieces if (text := _repair(piece, layout).replace("\n", " "))]
    elif column.form == "steps":
        pieces = [step for part in parts for step in _LOST_STEP.split(part.strip())]
        blocks = [block for piece in pieces if (block := _read_step(piece, layout))]
    else:
        lines = _repair("\n".join(parts), layout).split("\n")
        blocks = [Block(text=line.strip()) for line in lines if line.strip()]
    return _make_section(row, column, blocks, layout)


def _make_section(row: Row, column: SectionColumn, blocks: list[Block], layout: Layout) -> Section | None:
    if not blocks:
        return None
    if not column.contacts:
        blocks = [Block(text=mask_contacts(block.text), label=mask_contacts(block.label)) for block in blocks]
    named = _read_title(row, column, layout)
    joined = column.form != "paragraphs"
    return Section(
        key=named.key or column.key,
        title=named.title,
        blocks=tuple(blocks),
        joined=joined,
        role=named.role if named.key else column.role,
    )


def _read_step(piece: str, layout: Layout) -> Block | None:
    """A step with its label. A second label mark in a step stands for a colon; a single one may be lost."""
    mark = layout.marks.label
    step = _repair(piece, layout).replace("\n", " ")
    label, found, text = step.partition(mark)
    if not found:
        numbered = _SHEET.search("numbered_step", read_text(step, "fr"))
        label, text = (numbered.written["label"], step[numbered.end :]) if numbered else ("", step)
    text = " ".join(text.replace(mark, ":").split())
    label = label.strip(" :")
    return Block(text=text, label=label) if text else Block(text=label) if label else None


def _read_title(row: Row, column: SectionColumn, layout: Layout) -> SectionTitle:
    """The title of a section in a row, with another key and role when it says that it is another part."""
    written = _repair(row.get(column.title_column), layout)
    for name, meant in column.titles.items():
        if fold(name) == fold(written):
            return meant
    if written:
        return SectionTitle(title=written.capitalize() if written.isupper() else written)
    return SectionTitle(title=column.title)


def _read_codes(row: Row, facet: FacetColumn, mark: str, mended: Mended) -> tuple[str, ...]:
    if not facet.labels:
        return ()
    cell, mark = row.get(facet.column), facet.separator or mark
    codes = [code.strip() for code in cell.split("\n" if "\n" in cell else mark) if code.strip()]
    unknown = [code for code in codes if code not in facet.labels]
    mended += [(facet.column[0], f"le code {code!r} n'est pas dans la mise en page : ignoré") for code in unknown]
    return tuple(code for code in codes if code in facet.labels)


def _find_values(row: Row, facet: FacetColumn, mended: Mended) -> dict[str, str]:
    """The values of a facet whose layout lists none, by the code made of each."""
    mark = facet.separator or "\n"
    lines = row.get(facet.column, joint=mark).replace(mark, "\n").split("\n")
    values = (mask_contacts(" ".join(line.split())) for line in lines)
    found = {code: value for value in values if (code := _slug(value))}
    if too_long := [value for value in found.values() if len(value) > LONGEST]:
        reason = f"{too_long[0][:40] + '…'!r} est trop long pour un filtre ({LONGEST} caractères au plus) : ignoré"
        mended.append((facet.column[0], reason))
    return {code: value for code, value in found.items() if len(value) <= LONGEST}


def _read_programme(row: Row, layout: Layout, mended: Mended) -> dict[str, Any]:
    rules, written = layout.programmes, _repair(row.get(layout.columns.source), layout)
    # Folding drops hyphens: the period is looked for in the text as written.
    text = fold(written)
    source = next((code for code, programme in rules.labels.items() if re.search(programme.pattern, text)), "")
    if written and rules.labels and not source:
        mended.append((layout.columns.source[0], f"programme non reconnu dans {written!r}"))
    period = re.search(rules.period, written) if rules.period else None
    year = None if period else re.search(rules.year, written)
    in_file = re.search(rules.file_year, row.get(layout.columns.file_name)) if rules.file_year else None
    if in_file and not period and not year:
        mended.append((layout.columns.source[0], f"année absente : {in_file[1]}, prise du nom du fichier"))
    elif in_file and year and in_file[1] != year[1]:
        mended.append(
            (layout.columns.source[0], f"année {year[1]} ici, {in_file[1]} dans le nom du fichier : {year[1]} gardée")
        )
    chosen = year or (None if period else in_file)
    stars = re.search(rules.stars, text) if rules.stars else None
    return {
        "source": source,
        "annee": int(chosen[1]) if chosen else None,
        "edition": period[1].replace(" ", "") if period else chosen[1] if chosen else "",
        "prize": next((label for sign, label in rules.prizes.items() if sign in text), ""),
        "stars": int(stars[1]) if stars else None,
        **_read_year(row, layout, mended),
    }


def _read_year(row: Row, layout: Layout, mended: Mended) -> dict[str, Any]:
    """The year that a column of its own gives: one, or the first and the last."""
    cell = row.get(layout.columns.year)
    years = list(dict.fromkeys(_YEAR.findall(plain_number(cell))))
    if cell and not years:
        mended.append((layout.columns.year[0], f"aucune année dans {cell!r} : la fiche n'en a pas"))
    if not years:
        return {}
    one = len(years) == 1
    return {"annee": int(years[0]) if one else None, "edition": years[0] if one else f"{years[0]}-{years[-1]}"}


def _read_place(row: Row, layout: Layout, mended: Mended) -> Place:
    reader = PlaceReader(row.get, layout.columns.place, layout.marks.lost_commas)
    place = reader.read()
    mended += reader.mended
    return place


def _read_url(cell: str) -> str:
    """A web address that can be shown as a link: http or https only, "https://" added, "" for anything else."""
    first, _, rest = " ".join(cell.split()).partition(" ")
    is_one = "/" in rest and not any(mark in rest for mark in ("://", "www.", "@", "(", ",", ";"))
    address = f"{first} {rest}".replace(" ", "%20") if is_one and "://" in first else first
    address = address.split("#:~:", maxsplit=1)[0]
    if address and "://" not in address and re.match(r"^[\w.-]+\.\w{2,}(?:[/?#]|$)", address):
        address = f"https://{address}"
    return address if urlsplit(address).scheme in ("http", "https") and urlsplit(address).netloc else ""
