"""Nothing: how the assistant says that no sheet answers, why, what comes near, and what to do then."""

import re
from collections.abc import Sequence

from assistant.answers.draft import Draft
from assistant.scope.abstention import Abstention
from assistant.wording import (
    ASK_CENTRE,
    DECLINED_MISUSE,
    DECLINED_PERSONAL,
    FACT_NOT_FOUND,
    NEAREST_EXAMPLES,
    NEAREST_SHEET,
    NOT_TOLD,
    NOTHING_FOUND,
    describe_sheet,
    escape,
)
from index.opened import Index
from index.ranking.retrieval import Hit

_NEAREST = 3  # sheets


def draft_nothing(abstention: Abstention, hits: Sequence[Hit], index: Index, contact: str) -> Draft:
    """That no sheet answers and why, with the nearest ones named as such when they may be of use."""
    if abstention.reason in ("misuse", "personal"):
        declined = DECLINED_MISUSE if abstention.reason == "misuse" else DECLINED_PERSONAL
        return Draft(kind="nothing", text=declined.format(contact=contact), abstained=True, reason=abstention.reason)
    lines = [_explain(abstention), *_name_nearest(abstention, hits, index), ASK_CENTRE.format(contact=contact)]
    near = tuple(hit.sheet.id for hit in hits) if abstention.is_near else ()
    return Draft(kind="nothing", text="\n\n".join(lines), abstained=True, reason=abstention.reason, sheets=near)


def _explain(abstention: Abstention) -> str:
    if abstention.reason == "place":
        return NOT_TOLD.format(of=_of_place(abstention.about))
    if abstention.reason == "name":
        return NOT_TOLD.format(of=f"de « {escape(abstention.about)} »")
    return FACT_NOT_FOUND if abstention.reason == "detail" else NOTHING_FOUND


def _name_nearest(abstention: Abstention, hits: Sequence[Hit], index: Index) -> list[str]:
    if not hits or not abstention.is_near:
        return []
    if abstention.reason == "detail":
        return [NEAREST_SHEET.format(sheet=describe_sheet(hits[0].sheet, index))]
    named = [f"- {describe_sheet(hit.sheet, index)}" for hit in hits[:_NEAREST]]
    return [NEAREST_EXAMPLES, "\n".join(named)]


def _of_place(name: str) -> str:
    """ "de Dijon", "d'Amiens", "du Havre", "de La Rochelle"; what needs an article stands between quotation marks."""
    if article := re.match(r"(Le|Les) (?=\w)", name):
        return f"{'du' if article[1] == 'Le' else 'des'} {escape(name[article.end() :])}"
    elided = re.match(r"[AEÉÈIOUYHÎÔ]", name)
    return f"d'{escape(name)}" if elided else f"de {escape(name)}"
