"""Plain: Markdown as the text that it shows, with the address of each link, for a message."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode


def write_plain(markdown: str) -> str:
    """The text of a note: no mark of Markdown, lists with their dashes or numbers, a row of a table on a line."""
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown)
    return "\n\n".join(block for node in SyntaxTreeNode(tokens).children if (block := _write(node))) + "\n"


def _write(node: SyntaxTreeNode) -> str:
    if node.type in ("bullet_list", "ordered_list"):
        return "\n".join(_list_items(node))
    if node.type == "table":
        rows = [row for part in node.children for row in part.children]
        return "\n".join(" | ".join(map(_words, row.children)) for row in rows)
    if node.type == "blockquote":
        return "\n".join(map(_write, node.children))
    return node.content.rstrip() if node.type in ("fence", "code_block") else _words(node)


def _list_items(node: SyntaxTreeNode) -> Iterator[str]:
    start = int(str(node.attrs.get("start", 1)))
    for number, item in enumerate(node.children, start=start):
        mark = f"{number}. " if node.type == "ordered_list" else "- "
        lines = "\n".join(map(_write, item.children)).splitlines()
        yield "\n".join([mark + lines[0], *("  " + line for line in lines[1:])] if lines else [mark.rstrip()])


def _words(node: SyntaxTreeNode) -> str:
    return "".join(_write_tokens(inline.token.children or []) for inline in node.children if inline.token)


def _write_tokens(tokens: Sequence[Token]) -> str:
    """Words as they are shown; after those of a link its address, unless they are it."""
    written: list[str] = []
    address, begun = "", 0
    for token in tokens:
        if token.type == "link_open":
            address, begun = str(token.attrGet("href") or ""), len(written)
        elif token.type == "link_close":
            shown = "".join(written[begun:])
            written += [f" ({address})"] if shown not in (address, address.removeprefix("mailto:")) else []
        elif token.type in ("softbreak", "hardbreak"):
            written.append("\n" if token.type == "hardbreak" else " ")
        else:
            written.append(token.content)
    return "".join(written)
