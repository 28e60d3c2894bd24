"""Shapes: hits, sheets and answers as the command line and the HTTP interface show them."""

import re
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from assistant.answers.answer import Answer
from assistant.catalogue.links import sheet_path
from index.opened import Index
from index.ranking.retrieval import Hit
from ingest.sheet import Sheet


def hit_to_json(hit: Hit) -> dict[str, Any]:
    """A hit as the contract has it."""
    passage = hit.passage
    return {
        "sheet": hit.sheet.id,
        "title": hit.sheet.title,
        "organisation": hit.sheet.organisation,
        "score": round(hit.score, 4),
        "passage": {
            "id": passage.id,
            "section": passage.section,
            "page": passage.page,
            "text": passage.text,
            "access": passage.access,
        },
    }


def answer_to_json(answer: Answer, site: str) -> dict[str, Any]:
    """An answer as the contract has it, each citation with the address of its sheet's page after that of the site."""
    shown = answer.model_dump(mode="json")
    for citation in shown["citations"]:
        citation["url"] = f"{site}{sheet_path(citation['sheet'])}"
    return shown


def sheet_to_json(sheet: Sheet, index: Index) -> dict[str, Any]:
    """A sheet's public fields, each code with its label."""
    facets: dict[str, Any] = {
        name: [{"code": code, "label": index.manifest.facets[name].labels.get(code, code)} for code in codes]
        for name, codes in (("porteur", sheet.porteur), ("demarche", sheet.demarche), ("thematique", sheet.thematique))
        if name in index.manifest.facets
    }
    programme = (
        {"code": sheet.source, "label": index.manifest.programmes.get(sheet.source, "")} if sheet.source else None
    )
    return {**sheet.model_dump(mode="json", exclude={"sections": {"__all__": {"role"}}}), **facets, "source": programme}


def summary_to_json(sheet: Sheet) -> dict[str, Any]:
    """A sheet without its text, for lists."""
    return sheet.model_dump(mode="json", exclude={"sections", "links", "logo"})


def print_answer(answer: Answer, console: Console) -> None:
    """An answer on a terminal, its sources below."""
    # Rich shows an escaped bracket with its backslash.
    console.print(Markdown(re.sub(r"\\([\[\]])", r"\1", answer.answer)))
    if answer.citations:
        console.print()
    for citation in answer.citations:
        page = f", page {citation.page}" if citation.page else ""
        line = f"[{citation.n}] {citation.title} (fiche {citation.sheet}), {citation.section}{page}"
        console.print(line, style="dim", markup=False, highlight=False)
