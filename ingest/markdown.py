"""Markdown reader: a text about the centre becomes a page, a sheet written as a text becomes a sheet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.layout import Columns, Layout
from ingest.plain_yaml import load_yaml, split_front
from ingest.questions import SheetQuestion, read_question_cell
from ingest.repair import mask_contacts, repair_text, tidy
from ingest.row import Mended, Row, read_row
from ingest.sheet import Access, Block, Role, Section, Sheet, role_by_key
from language.letters import fold, slug
from language.shapes import WORD

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
    front, text = _read(path, layout.columns.questions)
    parts, links = _read_parts(text, loose=False)
    titled = next((part for part in parts if part.heading), None)
    if titled and any(fold(titled.heading) in map(fold, section.column) for section in layout.sections):
        titled = None  # a text that begins with "En une phrase" has no title of its own
    cells = {
        **front,
        "h1": titled.heading if titled else "",
        "file_name": tidy(path.name),
        "file_title": _title_of(path),
    }
    row = Row({fold(name): position for position, name in enumerate(cells)}, tuple(cells.values()))
    sheet, document, mended = read_row(row, layout, tuple(_make_sections(parts, titled, layout)), access)
    sheet = sheet.model_copy(update={"links": tuple(dict.fromkeys([*links, *sheet.links]))})
    questions, reasons = read_question_cell(row.get(layout.columns.questions), sheet)
    mended += [("questions", reason) for reason in reasons]
    return TextReading(sheet, document, mended, tuple(questions))


def read_headings(path: Path) -> list[str]:
    """The columns of a Markdown file: keys of its front matter and headings; or raise PageUnreadable."""
    front, text = _read(path)
    return [*front, *(part.heading for part in _read_parts(text, loose=False)[0] if part.heading)]


def _title_of(path: Path) -> str:
    """A title made from a file's name: "contributions_cafe_itinerant.md" is "Cafe itinerant"."""
    words = tidy(path.stem).replace("_", " ").replace("-", " ").removeprefix("contributions ").split()
    return " ".join(words).capitalize()


def _read(path: Path, listed: Columns = ()) -> tuple[dict[str, str], str]:
    """Front matter and text of a file, or raise PageUnreadable. Values of the `listed` keys stand on a line each."""
    if path.stat().st_size > _LARGEST:
        raise PageUnreadable(f"ce texte dépasse {_LARGEST // 1_000_000} Mo")
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PageUnreadable("ce texte n'est pas en UTF-8 ; enregistrez-le en UTF-8") from error
    written, rest = split_front(text)
    if written is None:
        return {}, text
    try:
        front = load_yaml(written)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a date that does not exist is a ValueError
        mark = getattr(error, "problem_mark", None)
        where = f", ligne {mark.line + 2}" if mark else ""
        raise PageUnreadable(f"l'en-tête entre « --- » n'est pas du YAML correct{where}") from error
    if not isinstance(front, dict):
        return {}, rest
    marks = {str(key): "\n" if fold(str(key)) in map(fold, listed) else "-" for key in front}
    return {str(key): _write_cell(value, marks[str(key)]) for key, value in front.items()}, rest


def _write_cell(value: object, mark: str) -> str:
    """A value of the front matter as a cell would hold it."""
    if isinstance(value, list):
        return mark.join(str(item) for item in value if item is not None)
    return "" if value is None or isinstance(value, dict) else str(value)


def _read_parts(text: str, *, loose: bool) -> tuple[list[_Part], tuple[str, ...]]:
    """The parts of a text in order, and the web addresses it links to."""
    parts, links = [_Part(0, "", [])], []
    tokens = MarkdownIt().enable("table").parse(_GLUED_HEADING.sub(r"\1 ", text))
    for position, token in enumerate(tokens):
        if token.type in ("fence", "code_block") and not loose and token.content.strip():
            parts[-1].blocks.append(Block(text=repair_text(token.content, lost_commas=False).replace("\n", " ")))
        if token.type != "inline":
            continue
        content = repair_text(_plain(token), lost_commas=False).removesuffix(":").rstrip()
        links += [str(child.attrs["href"]) for child in token.children or [] if child.type == "link_open"]
        level = _heading_level(tokens[position - 1], token, loose=loose)
        if level and content:
            parts.append(_Part(level, content, []))
        elif content:
            parts[-1].blocks.append(Block(text=content.replace("\n", " ")))
            parts[-1].joined |= token.level > 1
    return parts, tuple(dict.fromkeys(link for link in links if link.startswith(("https://", "http://"))))


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
    in_call = False
    for child in token.children or []:
        if child.type == "link_open":
            in_call = str(child.attrs["href"]).startswith("#")
        elif child.type == "link_close":
            in_call = False
        elif child.type not in ("image", "html_inline") and not in_call:
            kept.append(words.get(child.type, child.content))
    return "".join(kept)
