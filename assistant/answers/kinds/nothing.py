"""Nothing: how the assistant says that no sheet answers, why, what comes near, and what to do then."""

from collections.abc import Sequence

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.finding.abstention import Abstention
from assistant.finding.missing import find_missing
from assistant.wording import (
    ASK_CENTRE,
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
from language.grammar import Grammar
from language.text import read_text

_TOWN_NAME = Grammar("town_name")
_LANGUAGE = "fr"  # of what the assistant writes
_NEAREST = 3  # sheets


def draft_nothing(abstention: Abstention, hits: Sequence[Hit], index: Index, contact: str) -> Draft:
    """That no sheet answers and why, with the nearest ones named as such when they may be of use."""
    lines = [_explain(abstention), *_name_nearest(abstention, hits, index), ASK_CENTRE.format(contact=contact)]
    near = tuple(hit.sheet.id for hit in hits) if abstention.is_near else ()
    return Draft(kind="nothing", text="\n\n".join(lines), abstained=True, reason=abstention.reason, sheets=near)


def _draft(case: Case) -> Draft | Passed:
    if case.reading.centre == "surely":  # "à qui écrire à Kingersheim ?": no practice tells how it is reached
        return draft_nothing(Abstention(reason="detail"), case.hits, case.index, case.sources.contact)
    abstention = case.abstention
    if abstention is None:
        return Passed(f"les fiches trouvées répondent{case.chances}")
    if abstention.reason == "subject" and (missing := find_missing(case.reading.asked, case.index)):
        abstention = abstention.model_copy(update={"missing": missing})
    return draft_nothing(abstention, case.hits, case.index, case.sources.contact)


def _explain(abstention: Abstention) -> str:
    if abstention.reason == "place":
        return NOT_TOLD.format(of=_of_place(abstention.about))
    if abstention.reason == "name":
        return NOT_TOLD.format(of=f"de « {escape(abstention.about)} »")
    if abstention.missing:
        return NOT_TOLD.format(of=" ni ".join(f"de «\u00a0{escape(word)}\u00a0»" for word in abstention.missing))
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
    text = read_text(name, _LANGUAGE)
    if article := _TOWN_NAME.search("article", text):
        return f"{'du' if article['article'] == 'le' else 'des'} {escape(name[article.end :].strip())}"
    return f"d'{escape(name)}" if _TOWN_NAME.has("elided", text) else f"de {escape(name)}"


KIND = Kind("nothing", "Sans réponse", _draft, about_sheets=False)
