"""Nothing: how the assistant says that no sheet answers, why, what comes near, and what to do then."""

from collections.abc import Sequence

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import is_step, read_lines
from assistant.finding.abstention import Abstention, is_general
from assistant.finding.aim import Aim
from assistant.finding.findings import Finding
from assistant.finding.meant import FIGURES, rank_meant
from assistant.finding.missing import find_missing
from assistant.finding.quantities import find_held
from assistant.reading.sought import find_sought
from assistant.wording import describe_sheet, escape
from assistant.wording.around import AroundWords, around_words
from assistant.wording.missing import say_missing
from index.opened import Index
from index.ranking.retrieval import Hit
from language.grammar import Grammar
from language.text import read_text

_TOWN_NAME = Grammar("town_name")
_LANGUAGE = "fr"  # of what the assistant writes
_LIKELY = 0.7  # that a sentence answers
_SURE = 0.5  # that its figure is the one asked
_DOUBTFUL = 0.1  # that a detail is given, from which on it may be
_NEAREST = 3  # sheets


def draft_nothing(
    abstention: Abstention,
    hits: Sequence[Hit],
    index: Index,
    contact: str,
    language: str = "fr",
) -> Draft:
    """That no sheet answers and why, with the nearest ones named as such when they may be of use."""
    words = around_words(language)
    lines = [_explain(abstention, words, language), *_name_nearest(abstention, hits, index, words)]
    lines.append(words.ask_centre.format(contact=contact))
    near = tuple(hit.sheet.id for hit in hits) if abstention.is_near else ()
    named = abstention.about or (abstention.sought.phrase if abstention.sought else "")
    missing = abstention.missing or ((named,) if named else ())
    text = "\n\n".join(lines)
    return Draft(kind="nothing", text=text, abstained=True, reason=abstention.reason, sheets=near, missing=missing)


def draft_no_detail(case: Case, hits: Sequence[Hit]) -> Draft:
    """That no sheet gives what is asked, by its name, and the nearest of these hits."""
    language = case.reading.understood.language
    absent = Abstention(reason="detail", sought=find_sought(read_text(case.reading.asked, language)))
    return draft_nothing(absent, hits, case.index, case.sources.contact, language)


def _draft(case: Case) -> Draft | Passed:
    language = case.reading.understood.language
    if case.reading.centre == "surely":  # "à qui écrire à Kingersheim ?": no practice tells how it is reached
        return draft_nothing(Abstention(reason="detail"), case.hits, case.index, case.sources.contact, language)
    abstention = case.abstention
    if abstention is None:
        return Passed(f"les fiches trouvées répondent{case.chances}")
    if _is_told(abstention, case):
        return Passed("une phrase d'une fiche y répond sans doute")
    if abstention.reason == "detail":
        return draft_no_detail(case, case.hits)
    if (
        abstention.reason == "subject"
        and not abstention.sought
        and (missing := find_missing(case.reading.asked, case.index))
    ):
        abstention = abstention.model_copy(update={"missing": missing})
    return draft_nothing(abstention, case.hits, case.index, case.sources.contact, language)


def _is_told(abstention: Abstention, case: Case) -> bool:
    """Whether a sentence very likely answers, though the hits do not seem to: with what is asked if that is a fact."""
    asked, best = case.reading.fact, case.read[:1]
    if not best or best[0].chance < _LIKELY:
        return False
    if abstention.reason == "subject":
        return is_general(case.reading.asked)
    if abstention.reason != "detail" or asked is None or case.aim is None:
        return False
    if _measure_meant(best[0], case.aim) >= _SURE:
        return True
    doubted = (case.judgement.detail or 0.0) >= _DOUBTFUL
    return doubted and find_held(best[0].sentence.text, asked) is not None


def _measure_meant(found: Finding, aim: Aim) -> float:
    """How likely a sentence holds the very figure that is asked."""
    meant = rank_meant(found.sentence, found.hit.sheet, aim) if aim.asked.quantity in FIGURES else []
    return meant[0].chance if meant else 0.0


def _explain(abstention: Abstention, words: AroundWords, language: str) -> str:
    if abstention.reason == "place":
        return words.place_not_told.format(of=_of_place(abstention.about), place=escape(abstention.about))
    if abstention.reason == "name":
        return words.not_told.format(words=f"«\u00a0{escape(abstention.about)}\u00a0»")
    if abstention.sought:
        return say_missing(abstention.sought, language)
    if abstention.missing:  # that no sheet has a word is sure; that none speaks of it in other words is not
        return words.not_said.format(
            words=words.nor.join(f"«\u00a0{escape(word)}\u00a0»" for word in abstention.missing)
        )
    return words.no_detail if abstention.reason == "detail" else words.nothing


def _name_nearest(abstention: Abstention, hits: Sequence[Hit], index: Index, words: AroundWords) -> list[str]:
    if not hits or not abstention.is_near:
        return []
    if abstention.reason == "detail":
        nearest = words.nearest_sheet.format(sheet=describe_sheet(hits[0].sheet, index))
        lasting = abstention.sought is not None and abstention.sought.way == "duration"
        steps = [line for line in read_lines(hits[0]) if is_step(line)] if lasting else []
        return [f"{nearest} {words.only_order}" if len(steps) > 1 else nearest]
    named = [f"- {describe_sheet(hit.sheet, index)}" for hit in hits[:_NEAREST]]
    return [words.nearest, "\n".join(named)]


def _of_place(name: str) -> str:
    """ "de Dijon", "d'Amiens", "du Havre", "de La Rochelle"; what needs an article stands between quotation marks."""
    text = read_text(name, _LANGUAGE)
    if article := _TOWN_NAME.search("article", text):
        return f"{'du' if article['article'] == 'le' else 'des'} {escape(name[article.end :].strip())}"
    return f"d'{escape(name)}" if _TOWN_NAME.has("elided", text) else f"de {escape(name)}"


KIND = Kind("nothing", "Sans réponse", _draft, about_sheets=False)
