"""Sources: each sheet that a text cites, once: the numbers that cite it, where in it, its page, and its own site."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.draft import Citation
from assistant.catalogue.links import is_web_address, sheet_path
from assistant.wording import describe_sheet, escape
from index.opened import Index


def list_sources(citations: Sequence[Citation], text: str, index: Index, site: str) -> list[str]:
    """A line a sheet, in the order in which `text` cites them: "[1] [3] **Title** – organisation · … · address".

    A quote follows only where the text does not give it whole. `site` is the address before the path of a sheet's page.
    """
    given = _plain(text)
    sheets = dict.fromkeys(citation.sheet for citation in citations)
    return [
        _describe([citation for citation in citations if citation.sheet == sheet], given, index, site)
        for sheet in sheets
    ]


def _describe(citations: Sequence[Citation], given: str, index: Index, site: str) -> str:
    sheet = index.find_sheet(citations[0].sheet)
    marks = " ".join(f"[{citation.n}]" for citation in citations)
    what = describe_sheet(sheet, index) if sheet else f"**{escape(citations[0].title)}**"
    parts = [f"{marks} {what}", " ; ".join(dict.fromkeys(map(_say_where, citations)))]
    if sheet:
        page = sheet_path(sheet.id)
        parts.append(f"Fiche\u00a0: {f'<{site}{page}>' if site else escape(page)}")
        parts += [f"Site\u00a0: {escape(sheet.website)}"] if is_web_address(sheet.website) else []
    unsaid = [each for each in citations if _plain(_quote(each)) not in given]
    return " · ".join(parts) + "".join(f"\n  - [{each.n}] «\u00a0{_quote(each)}\u00a0»" for each in unsaid)


def _say_where(citation: Citation) -> str:
    """ "Déroulé, page 3 (réservé aux adhérents)"."""
    page = f", page {citation.page}" if citation.page else ""
    return f"{escape(citation.section)}{page}{' (réservé aux adhérents)' if citation.access == 'members' else ''}"


def _quote(citation: Citation) -> str:
    return escape(" ".join(citation.quote.split()))


def _plain(text: str) -> str:
    """A text without what is bold in it."""
    return " ".join(text.replace("**", "").split())
