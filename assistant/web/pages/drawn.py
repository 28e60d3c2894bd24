"""Drawn: an answer in HTML, its marks leading to its sources below: `parts.answer` of the templates shows it."""

import re
from dataclasses import dataclass

from assistant.exports.export import link_contact, render_html
from assistant.exports.written import Written
from assistant.wording import MARK


@dataclass(frozen=True)
class Drawn:
    """What is written, with the HTML of its answer and of its limits. `anchor` begins the names of its sources."""

    written: Written
    html: str
    limits: tuple[str, ...]
    anchor: str


def draw(written: Written, contact: str, anchor: str = "source") -> Drawn:
    """An answer whose sources are named "source-1", "source-2", after its marks; two of one page need two anchors.

    `contact` is the centre's own address, which is a link to write to it.
    """
    known = {citation.n for citation in written.answer.citations}

    def link(found: re.Match[str]) -> str:
        return f"[[{found[1]}]](#{anchor}-{found[1]})" if int(found[1]) in known else found[0]

    html = render_html(MARK.sub(link, link_contact(written.answer.answer, contact)))
    return Drawn(written, html, tuple(map(render_html, written.limits)), anchor)
