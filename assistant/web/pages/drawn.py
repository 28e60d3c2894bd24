"""Drawn: an answer in HTML, its marks leading to its sources below: `parts.answer` of the templates shows it."""

import re
from dataclasses import dataclass

from assistant.exports.export import link_contact, render_html
from assistant.exports.written import Written
from assistant.wording import MARK
from assistant.wording.pages import translate
from ingest.layout import Language
from language.text import read_text

_QUOTED = re.compile(r"«[^«»]*»")


@dataclass(frozen=True)
class Drawn:
    """What is written, with the HTML of its answer and of its limits. `anchor` begins the names of its sources.

    `language` is that of the words around its quotes.
    """

    written: Written
    html: str
    limits: tuple[str, ...]
    anchor: str
    language: Language


def draw(written: Written, contact: str, anchor: str = "source", language: Language = "fr") -> Drawn:
    """An answer whose sources are named "source-1", "source-2", after its marks; two of one page need two anchors.

    `contact` is the centre's own address, which is a link to write to it; `language` is that of the page.
    """
    known = {citation.n for citation in written.answer.citations}

    def link(found: re.Match[str]) -> str:
        return f"[[{found[1]}]](#{anchor}-{found[1]})" if int(found[1]) in known else found[0]

    html = render_html(MARK.sub(link, link_contact(written.answer.answer, contact)))
    limits = tuple(render_html(translate(each, language)) for each in written.limits)
    around = read_text(_QUOTED.sub(" ", written.answer.answer)).language
    return Drawn(written, html, limits, anchor, "en" if around == "en" else "fr")
