"""Markup: HTML that was left in a cell or in a text becomes the words that it shows. Text in, text out."""

from html import unescape
from html.parser import HTMLParser

from language.shapes import BARE_AMPERSAND, ENTITY, TAG

_BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
_UNSEEN = ("script", "style")
_TIMES = 3  # markup that was written as text, again and again: "&amp;eacute;"


def read_markup(text: str) -> str:
    """The words of a text that has tags or entities, with links and list marks; another text stays as it is."""
    for _ in range(_TIMES):
        plain = _read_tags(text) if TAG.search(text) else ENTITY.sub(lambda found: unescape(found[0]), text)
        if plain == text:
            break
        text = plain
    return text


def find_links(html: str) -> list[str]:
    """The web addresses that HTML links to."""
    reader = _Reader()
    reader.feed(html)
    return reader.links


def _read_tags(html: str) -> str:
    reader = _Reader()
    # A line break is one where no tag makes any.
    has_blocks = any(found[1].lower() in _BLOCKS | {"li"} for found in TAG.finditer(html) if found[1])
    spaced = html.replace("\r", "").replace("\n", " ") if has_blocks else html
    reader.feed(BARE_AMPERSAND.sub("&amp;", spaced))
    reader.close()
    lines = "".join(reader.pieces).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip(" -"))


class _Reader(HTMLParser):
    """What a page shows, in pieces, with a line break for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.links: list[str] = []
        self._is_unseen = False
        self._link: tuple[str, int] | None = None  # its address, and where its words start

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block, an item of a list, a cell, or the start of a link; a tag that HTML has not is text."""
        if tag in _UNSEEN:
            self._is_unseen = True
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append(" ; " if self.pieces and self.pieces[-1].strip() else "")
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            self._link = (address, len(self.pieces))
            self.links += [address] if address.startswith(("http://", "https://")) else []
        elif not TAG.match(self.get_starttag_text() or ""):
            self.pieces.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself holds nothing."""
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """The end of a block, of a link, whose address follows its words, or of what nobody sees."""
        if tag in _UNSEEN:
            self._is_unseen = False
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag == "a" and self._link:
            address, start = self._link
            self._link = None
            if address in self.links and address.rstrip("/") not in "".join(self.pieces[start:]):
                self.pieces.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._is_unseen:
            self.pieces.append(data)
