"""Markdown reader: a text about the centre becomes a page, a sheet written as a text becomes a sheet."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.cells import CellCleaner
from ingest.decoding import NotText, check_brought
from ingest.facet_values import FoundValue
from ingest.layout import Layout
from ingest.markup import find_links, read_markup
from ingest.plain_toml import load_toml
from ingest.plain_yaml import load_yaml_texts, split_front
from ingest.questions import SheetQuestion, read_question_cell
from ingest.repair import mask_contacts, repair_text, tidy
from ingest.row import Mended, Row, read_row
from ingest.sheet import Access, Block, Role, Section, Sheet, role_by_key
from language.letters import fold, slug
from language.shapes import TAG, WORD

_LARGEST = 2_000_000  # bytes
_GLUED_HEADING = re.compile(r"^(#{1,6})(?=[^\s#])", re.MULTILINE)  # "#Title", which many editors accept
_NUMBERING = re.compile(r"^(?:[ivx]+|\d+)\s*[.)-]\s+", re.IGNORECASE)


class PageUnreadable(Exception):
    """A Markdown file cannot be read; the message says why, in French."""


@dataclass(frozen=True)
class TextReading:
    """What a sheet written as a text held; `document` names the members' document it announces, "" if none."""

    sheet: Sheet
    document: str
    mended: Mended
    questions: tuple[SheetQuestion, ...] = ()
    values: tuple[FoundValue, ...] = ()  # of facets whose layout lists none


@dataclass
class _Part:
    """A heading with the blocks that stand under it; level 0 is the text before any heading."""

    level: int
    heading: str
    blocks: list[Block]
    joined: bool = False


def read_page(path: Path) -> Sheet:
    """A page about the centre, a section for each heading, or raise PageUnreadable."""
    _, text = _read(path)
    parts, links = _read_parts(text, loose=True)
    title = next((part.heading for part in parts if part.heading), path.stem)
    filled = [part for part in parts if part.blocks]
    if not filled:
        raise PageUnreadable("ce texte est vide")
    return Sheet(
        id="-".join(fold(path.stem).split()),
        kind="page",
        title=title,
        sections=tuple(
            Section(key=f"page-{number}", title=part.heading or title, blocks=tuple(part.blocks))
            for number, part in enumerate(filled, start=1)
        ),
        links=links,
    )


def read_text_sheet(path: Path, layout: Layout, access: Access = "public") -> TextReading:
    """A sheet written as a Markdown file: its front matter and its headings are its columns.

    Raises PageUnreadable or RowUnusable.
    """
    front, text = _read(path, _listed(layout))
    parts, links = _read_parts(text, loose=False)
    titled = next((part for part in parts if part.heading), None)
    if titled and any(fold(titled.heading) in map(fold, section.column) for section in layout.sections):
        titled = None  # a text that begins with "En une phrase" has no title of its own
    cells = {
        **front,
        "h1": titled.heading if titled else "",
        "file_name": tidy(path.stem + path.suffix.lower()),
        "file_title": _title_of(path),
    }
    cleaner = CellCleaner(list(cells))
    row = Row({fold(name): place for place, name in enumerate(cells)}, tuple(cleaner.clean(1, list(cells.values()))))
    read = read_row(row, layout, tuple(_make_sections(parts, titled, layout)), access)
    sheet = read.sheet.model_copy(update={"links": tuple(dict.fromkeys([*links, *read.sheet.links]))})
    mended = read.mended
    questions, reasons = read_question_cell(row.get(layout.columns.questions), sheet)
    mended += [("questions", reason) for reason in reasons]
    mended += [(remark.column, remark.reason) for remark in cleaner.remarks(path.name)]
    return TextReading(sheet, read.document, mended, tuple(questions), read.values)


def read_headings(path: Path) -> list[str]:
    """The columns of a Markdown file: keys of its front matter and headings; or raise PageUnreadable."""
    front, text = _read(path)
    return [*front, *(part.heading for part in _read_parts(text, loose=False)[0] if part.heading)]


def _title_of(path: Path) -> str:
    """A title made from a file's name: "contributions_cafe_itinerant.md" is "Cafe itinerant"."""
    words = tidy(path.stem).replace("_", " ").replace("-", " ").removeprefix("contributions ").split()
    return " ".join(words).capitalize()


def _listed(layout: Layout) -> set[str]:
    """The folded keys whose values are several: each stays whole."""
    families = [layout.columns.questions, *(facet.column for facet in layout.facets.values())]
    return {fold(name) for family in families for name in family}


def _read(path: Path, listed: set[str] | None = None) -> tuple[dict[str, str], str]:
    """Front matter and text of a file, or raise PageUnreadable. Values of the `listed` keys stand on a line each."""
    if path.stat().st_size > _LARGEST:
        raise PageUnreadable(f"ce texte dépasse {_LARGEST // 1_000_000} Mo")
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        check_brought(text[:100].encode())
    except UnicodeDecodeError as error:
        raise PageUnreadable("ce texte n'est pas en UTF-8 ; enregistrez-le en UTF-8") from error
    except NotText as error:
        raise PageUnreadable(str(error)) from error
    front, rest = _read_front(text)
    marks = {key: "\n" if fold(key) in (listed or ()) else ", " for key in map(str, front)}
    return {str(key): _write_cell(value, marks[str(key)]) for key, value in front.items()}, rest


def _read_front(text: str) -> tuple[dict[object, object], str]:
    """What the front matter of a text says, in YAML or between lines "+++" in TOML, and the rest; or raise
    PageUnreadable.
    """
    written, rest = split_front(text)
    in_toml, after = split_front(text, "+++")
    try:
        front = load_toml(in_toml) if in_toml is not None else load_yaml_texts(written or "")
    except tomllib.TOMLDecodeError as error:
        raise PageUnreadable("l'en-tête entre « +++ » n'est pas du TOML correct") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a value with a kind that it is not: !!int x
        mark = getattr(error, "problem_mark", None)
        where = f", ligne {mark.line + 2}" if mark else ""
        raise PageUnreadable(f"l'en-tête entre « --- » n'est pas du YAML correct{where}") from error
    if isinstance(front, dict):
        return front, rest if in_toml is None else after
    if _is_left_open(text):
        raise PageUnreadable("l'en-tête commence par « --- » et rien ne le finit : ajoutez une ligne « --- » après lui")
    return {}, rest if front is None else text  # lines about a text that name nothing are part of it


def _is_left_open(text: str) -> bool:
    """Whether a text starts as front matter does, which no second line "---" ends."""
    first, _, rest = text.lstrip().partition("\n")
    name, colon, _ = rest.partition("\n")[0].partition(":")
    return first.rstrip() == "---" and bool(colon) and " " not in name.strip() and split_front(text)[0] is None


def _write_cell(value: object, mark: str) -> str:
    """A value of the front matter as a cell would hold it."""
    if isinstance(value, list):
        return mark.join(str(item) for item in value if item is not None)
    return "" if value is None or isinstance(value, dict) else str(value)


def _read_parts(text: str, *, loose: bool) -> tuple[list[_Part], tuple[str, ...]]:
    """The parts of a text in order, and the web addresses it links to."""
    parts, links = [_Part(0, "", [])], list[str]()
    table = _Table()
    tokens = MarkdownIt().enable("table").parse(_GLUED_HEADING.sub(r"\1 ", text))
    for position, token in enumerate(tokens):
        if token.type in ("fence", "code_block") and not loose and token.content.strip():
            parts[-1].blocks.append(Block(text=repair_text(token.content, lost_commas=False).replace("\n", " ")))
        elif token.type == "html_block":
            shown, more = _read_html(token.content, loose=loose)
            parts[-1].blocks += shown[0].blocks
            parts[-1].joined |= shown[0].joined
            parts += shown[1:]
            links += more
        elif row := table.take(token):
            parts[-1].blocks.append(Block(text=row))
            parts[-1].joined = True
        if token.type != "inline":
            continue
        links += _find_links(token)
        content = repair_text(_plain(token), lost_commas=False).removesuffix(":").rstrip()
        level = _heading_level(tokens[position - 1], token, loose=loose)
        if table.cells is not None:
            table.cells.append(content.replace("\n", " "))
        elif level and content:
            parts.append(_Part(level, content, []))
        elif content:
            parts[-1].blocks.append(Block(text=content.replace("\n", " ")))
            parts[-1].joined |= token.level > 1
    return parts, tuple(dict.fromkeys(link for link in links if link.startswith(("https://", "http://"))))


def _read_html(html: str, *, loose: bool) -> tuple[list[_Part], list[str]]:
    """The parts that a block of HTML shows, and the addresses it links to; what it shows may be Markdown."""
    shown = read_markup(html)
    if len(shown) < len(html):
        parts, links = _read_parts(shown, loose=loose)
        return parts, [*find_links(html), *links]
    return [_Part(0, "", [Block(text=repair_text(html, lost_commas=False).replace("\n", " "))])], []


@dataclass
class _Table:
    """The table that is being read: the names of its columns until they are told, and the cells of its row."""

    names: list[str] | None = None
    told: bool = False
    cells: list[str] | None = None  # None outside a row

    def take(self, token: Token) -> str:
        """The words of a row when it ends, each cell with the name of its column; "" anywhere else."""
        if token.type == "table_open":
            self.names, self.told = None, False
        elif token.type == "tr_open":
            self.cells = []
        elif token.type == "tr_close":
            cells, self.cells = self.cells or [], None
            if self.names is None:
                self.names = cells
            else:
                self.told = True
                named = zip(self.names, cells, strict=False)
                return " ; ".join(f"{name} : {cell}" if name else cell for name, cell in named if cell)
        elif token.type == "table_close" and not self.told:  # nothing but its names
            return " ; ".join(filter(None, self.names or ()))
        return ""


def _find_links(token: Token) -> Iterator[str]:
    for child in token.children or []:
        if child.type == "link_open":
            yield str(child.attrs["href"])
        elif child.type == "html_inline":
            yield from find_links(child.content)


def _heading_level(opening: Token, inline: Token, *, loose: bool) -> int:
    """1 to 6 for a heading; 6 for a paragraph that does the work of one, wholly emphasised; 0 for other text.

    Loosely, in texts that mark no headings, a lone question or a line that announces a list is one too.
    """
    if opening.type == "heading_open":
        return int(opening.tag[1])
    children = [child for child in inline.children or [] if child.content or child.type.endswith(("open", "close"))]
    emphasised = len(children) == 3 and children[0].type in ("em_open", "strong_open")
    announces = loose and inline.content.rstrip().endswith(("?", ":"))
    is_heading = (emphasised and (loose or len(inline.content) <= 80)) or announces
    return 6 if opening.type == "paragraph_open" and opening.level == 0 and is_heading else 0


def _make_sections(parts: list[_Part], titled: _Part | None, layout: Layout) -> Iterator[Section]:
    """The sections of a sheet: a heading of the sections' level each, with what stands under deeper ones.

    The level is the highest below the title; a deeper heading becomes the label of its first block.
    """
    top = min((part.level for part in parts if part.heading and part is not titled), default=6)
    keys: set[str] = set()
    merged: list[_Part] = []
    for part in parts:
        blocks = [block for text in part.blocks if (block := _clean(text, layout.credits))]
        if part is titled or part.level <= top or not merged:
            merged.append(_Part(part.level, "" if part is titled else part.heading, blocks, part.joined))
        else:
            label = part.heading if blocks else ""
            merged[-1].blocks += [
                block.model_copy(update={"label": label if not i else ""}) for i, block in enumerate(blocks)
            ]
            merged[-1].joined |= part.joined
    for part in merged:
        if part.blocks:
            key, title, role = _name_section(part.heading, layout)
            number = next(n for n in range(1, len(merged) + 2) if (key if n == 1 else f"{key}-{n}") not in keys)
            key = key if number == 1 else f"{key}-{number}"
            keys.add(key)
            yield Section(key=key, title=title, blocks=tuple(part.blocks), joined=part.joined, role=role)


def _name_section(heading: str, layout: Layout) -> tuple[str, str, Role | None]:
    """Key, title and role of a section: the layout's when it knows the heading, else made from the heading."""
    plain = _NUMBERING.sub("", heading).strip(" :*")
    for section in layout.sections:
        if fold(plain) in {fold(name) for name in section.column} or (not plain and not section.column):
            return section.key, section.title, section.role
    key = slug(plain)[:60] or "texte"
    return key, plain[:1].upper() + plain[1:] or "Texte", role_by_key(key)


def _clean(block: Block, credits: tuple[str, ...]) -> Block | None:
    text = mask_contacts(block.text)
    is_credit = any(fold(text).startswith(fold(sign)) for sign in credits)
    return None if is_credit or not WORD.search(text) else Block(text=text)


def _plain(token: Token) -> str:
    """The words of a line of Markdown, without its marks: a link keeps its words, a picture and a footnote call go."""
    words = {"softbreak": " ", "hardbreak": "\n"}
    kept: list[str] = []
    in_call = in_script = False
    for child in token.children or []:
        if child.type == "link_open":
            in_call = str(child.attrs["href"]).startswith("#")
        elif child.type == "link_close":
            in_call = False
        elif child.type == "html_inline":
            tag = child.content.lower()
            in_script = tag.startswith(("<script", "<style")) or (in_script and not tag.startswith(("</scr", "</sty")))
            kept.append(" " if tag.startswith("<br") else "" if TAG.match(tag) else child.content)
        elif child.type != "image" and not in_call and not in_script:
            kept.append(words.get(child.type, child.content))
    return "".join(kept)
