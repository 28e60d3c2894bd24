"""Answers made for the tests of what is kept of them."""

from assistant.answers.answer import Answer
from assistant.answers.draft import Citation
from ingest.sheet import Access


def make_answer(
    *sheets: str, reason: str = "", access: Access = "public", quote: str = "Mille habitants ont voté."
) -> Answer:
    """An answer that cites these sheets, or that finds nothing for this reason."""
    citations = tuple(
        Citation(
            n=number,
            sheet=sheet,
            title=f"Fiche {sheet}",
            passage=f"{sheet}/1",
            section="Présentation",
            quote=quote,
            page=3 if access == "members" else None,
            access=access,
        )
        for number, sheet in enumerate(sheets, start=1)
    )
    text = "".join(f"«\u00a0{quote}\u00a0» [{citation.n}]\n\n" for citation in citations)
    return Answer.model_validate(
        {
            "answer": text or "Aucune fiche ne répond à cette question.",
            "abstained": bool(reason),
            "reason": reason,
            "kind": "nothing" if reason else "examples",
            "mode": "extractive",
            "filters": {"thematique": ["JEU"]} if sheets else {},
            "sheets": sheets,
            "citations": citations,
            "standalone_question": "",
            "seconds": {"total": 0.12},
        }
    )
