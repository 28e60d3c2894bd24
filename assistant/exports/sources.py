"""Sources: each sheet that a text cites, once: the numbers that cite it, where in it, its page, and its own site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.draft import Citation
from assistant.catalogue.links import is_web_address, sheet_path
from assistant.wording import describe_sheet, escape, link_site
from index.opened import Index
from ingest.sheet import Sheet


@dataclass(frozen=True)
class Source:
    """A sheet that a text cites, None where the index has it no more; `unsaid` are the quotes not whole in the text."""

    title: str
    sheet: Sheet | None
    citations: tuple[Citation, ...]
    unsaid: tuple[Citation, ...]

    @property
    def website(self) -> str:
        """The address of the sheet's own site, "" without one that may be followed."""
        return self.sheet.website if self.sheet and is_web_address(self.sheet.website) else ""


def find_sources(citations: Sequence[Citation], text: str, index: Index) -> tuple[Source, ...]:
    """The sheets that `text` cites, in its order."""
    given = _plain(text)
    return tuple(
        _gather([citation for citation in citations if citation.sheet == sheet], given, index)
        for sheet in dict.fromkeys(citation.sheet for citation in citations)
    )


def list_sources(sources: Sequence[Source], index: Index, site: str) -> list[str]:
    """A line of Markdown a sheet: "[1] [3] **Title** – organisation · … · address", its unsaid quotes below.

    `site` is the address before the path of a sheet's page.
    """
    return [_describe(source, index, site) for source in sources]


def list_addresses(sheet: Sheet, site: str) -> list[str]:
    """ "Fiche : <https://…/fiches/12>", "Site : <https://…>": where a sheet's page is, and its own site if any."""
    page = sheet_path(sheet.id)
    told = [f"Fiche\u00a0: {f'<{site}{page}>' if site else escape(page)}"]
    if is_web_address(sheet.website):
        is_plain = link_site(sheet.website).replace("\\_", "_") == sheet.website
        told.append(f"Site\u00a0: {f'<{sheet.website}>' if is_plain else escape(sheet.website)}")
    return told


def say_where(citation: Citation) -> str:
    """ "Déroulé, page 3 (réservé aux adhérents)"."""
    page = f", page {citation.page}" if citation.page else ""
    return f"{citation.section}{page}{' (réservé aux adhérents)' if citation.access == 'members' else ''}"


def _gather(citations: Sequence[Citation], given: str, index: Index) -> Source:
    sheet = index.find_sheet(citations[0].sheet)
    unsaid = tuple(each for each in citations if _plain(_quote(each)) not in given)
    return Source(sheet.title if sheet else citations[0].title, sheet, tuple(citations), unsaid)


def _describe(source: Source, index: Index, site: str) -> str:
    marks = " ".join(f"[{citation.n}]" for citation in source.citations)
    what = describe_sheet(source.sheet, index) if source.sheet else f"**{escape(source.title)}**"
    parts = [f"{marks} {what}", " ; ".join(dict.fromkeys(escape(say_where(each)) for each in source.citations))]
    if source.sheet:
        parts += list_addresses(source.sheet, site)
    return " · ".join(parts) + "".join(f"\n  - [{each.n}] «\u00a0{_quote(each)}\u00a0»" for each in source.unsaid)


def _quote(citation: Citation) -> str:
    return escape(" ".join(citation.quote.split()))


def _plain(text: str) -> str:
    """A text without what is bold in it."""
    return " ".join(text.replace("**", "").split())
