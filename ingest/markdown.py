"""Markdown reader: a text about the centre itself becomes a sheet of kind "page"."""

from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.repair import fold, repair_text
from ingest.sheet import Block, Section, Sheet


class PageUnreadable(Exception):
    """A Markdown file cannot be read; the message says why, in French."""


def read_page(path: Path) -> Sheet:
    """A page about the centre, a section for each heading, or raise PageUnreadable."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PageUnreadable("ce texte n'est pas en UTF-8 ; enregistrez-le en UTF-8") from error
    sections: list[tuple[str, list[Block]]] = [("", [])]
    title, links = "", []
    tokens = MarkdownIt().parse(text)
    for position, token in enumerate(tokens):
        if token.type != "inline":
            continue
        content = repair_text(_plain(token)).removesuffix(":").rstrip()
        links += [str(child.attrs["href"]) for child in token.children or [] if child.type == "link_open"]
        if _is_heading(tokens[position - 1], token):
            title = title or content
            sections.append((content, []))
        elif content:
            sections[-1][1].append(Block(text=content.replace("\n", " ")))
    filled = [(heading, blocks) for heading, blocks in sections if blocks]
    if not filled:
        raise PageUnreadable("ce texte est vide")
    return Sheet(
        id="-".join(fold(path.stem).split()),
        kind="page",
        title=title or path.stem,
        sections=tuple(
            Section(key=f"page-{number}", title=heading or title or path.stem, blocks=tuple(blocks))
            for number, (heading, blocks) in enumerate(filled, start=1)
        ),
        links=tuple(dict.fromkeys(link for link in links if link.startswith(("https://", "http://")))),
    )


def _is_heading(opening: Token, inline: Token) -> bool:
    """A heading, or a paragraph that does the work of one: wholly emphasised, a lone question, or "... :"."""
    if opening.type == "heading_open":
        return True
    children = [child for child in inline.children or [] if child.content or child.type.endswith(("open", "close"))]
    emphasised = len(children) == 3 and children[0].type in ("em_open", "strong_open")
    announces = inline.content.rstrip().endswith(("?", ":"))
    return opening.type == "paragraph_open" and opening.level == 0 and (emphasised or announces)


def _plain(token: Token) -> str:
    """The words of a line of Markdown, without its marks; a link keeps its words."""
    words = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(words.get(child.type, child.content) for child in token.children or [])
