"""Nothing: how the assistant says that no sheet answers, why, what comes near, and what to do then."""

from collections.abc import Mapping, Sequence

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.not_given import draft_not_given, find_without
from assistant.answers.lines import is_step, read_lines
from assistant.finding.abstention import Abstention, asks_more, is_general
from assistant.finding.aim import Aim
from assistant.finding.findings import Finding
from assistant.finding.meant import FIGURES, rank_meant
from assistant.finding.missing import find_missing
from assistant.finding.quantities import find_held
from assistant.reading.parts import cut_first
from assistant.reading.sought import find_sought
from assistant.reading.superlative import read_superlative
from assistant.wording import describe_sheet, escape, quote
from assistant.wording.around import AroundWords, around_words
from assistant.wording.missing import say_missing
from index.opened import Index
from index.passages import Sentence
from index.ranking.retrieval import Hit
from language.grammar import Grammar
from language.text import read_text

_TOWN_NAME, _MESSAGE = Grammar("town_name"), Grammar("message")
_LANGUAGE = "fr"  # of what the assistant writes
_LIKELY = 0.7  # that a sentence answers
# That one does by what it says, where labelled questions make it sure: so for 2 of 6 questions whose subject was said
# to be in no sheet though one answers them, and for none of 38 that none does.
_SAYS_SO = 0.75
_SURE = 0.5  # that its figure is the one asked
_DOUBTFUL = 0.1  # that a detail is given, from which on it may be
_NEAREST = 3  # sheets
# That a sentence answers, for it to be quoted as what comes near: of the sheet that is asked, or of any.
_BEARS, _BEARS_ELSEWHERE = 0.2, 0.35


def draft_nothing(
    abstention: Abstention,
    hits: Sequence[Hit],
    index: Index,
    contact: str,
    language: str = "fr",
    found: Sequence[Finding] = (),
) -> Draft:
    """That no sheet answers and why, with the nearest ones named as such when they may be of use.

    Each says its sentence of those `found`, best first, that bears on what is asked at all.
    """
    words, citations = around_words(language), Citations()
    least = _BEARS if abstention.reason == "detail" else _BEARS_ELSEWHERE
    near = {each.hit.sheet.id: each.sentence for each in reversed(found) if each.chance >= least}
    lines = [_explain(abstention, words, language), *_name_nearest(abstention, hits, index, words, near, citations)]
    lines.append(words.ask_centre.format(contact=contact))
    sheets = tuple(hit.sheet.id for hit in hits) if abstention.is_near else ()
    named = abstention.about or (abstention.sought.phrase if abstention.sought else "")
    missing = abstention.missing or ((named,) if named else ())
    text = "\n\n".join(lines)
    return Draft(
        kind="nothing",
        text=text,
        citations=citations.all(),
        abstained=True,
        reason=abstention.reason,
        sheets=sheets,
        missing=missing,
    )


def tell_nothing(abstention: Abstention, case: Case) -> Draft:
    """The same for a case: that nothing answers it, and what comes near."""
    language = case.reading.understood.language
    return draft_nothing(abstention, case.hits, case.index, case.sources.contact, language, case.found)


def draft_no_detail(case: Case, hits: Sequence[Hit]) -> Draft:
    """That no sheet gives what is asked, by its name, and the nearest of these hits."""
    language = case.reading.understood.language
    asked = read_text(case.reading.asked, language)
    absent = Abstention(reason="detail", sought=find_sought(cut_first(asked)))
    return draft_nothing(absent, hits, case.index, case.sources.contact, language, case.found)


def _draft(case: Case) -> Draft | Passed:
    if case.reading.centre == "surely":  # "à qui écrire à Kingersheim ?": no practice tells how it is reached
        return _refer_to_centre(case)
    if not_given := draft_not_given(case):
        return not_given
    abstention = case.abstention or _find_nowhere(case)
    if abstention is None:
        without = find_without(case)
        return draft_no_detail(case, [without]) if without else Passed(f"les fiches trouvées répondent{case.chances}")
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
    return tell_nothing(abstention, case)


def _refer_to_centre(case: Case) -> Draft:
    """Who may read detailed sheets and whom to ask; of the rest about the centre, that no sheet tells it."""
    language, contact = case.reading.understood.language, case.sources.contact
    if _MESSAGE.has("detailed", read_text(case.reading.asked, language)):
        return Draft(kind="centre", text=around_words(language).detailed.format(contact=contact))
    return draft_nothing(Abstention(reason="detail"), case.hits, case.index, contact, language)


def _find_nowhere(case: Case) -> Abstention | None:
    """Why none answers a question that wants yes or no, by the words of it of which no sheet tells."""
    reading = case.reading
    if reading.link != "new" or not (reading.form.exists or case.wants == "yesno") or asks_more(reading):
        return None
    missing = case.nowhere
    return Abstention(reason="subject", missing=missing, whether=reading.form.exists) if missing else None


def _is_told(abstention: Abstention, case: Case) -> bool:
    """Whether a sentence very likely answers, though the hits do not seem to: with what is asked if that is a fact."""
    asked, best = case.reading.fact, case.read[:1]
    general = abstention.reason == "subject" and is_general(case.reading.asked)
    if general and read_superlative(read_text(case.reading.asked)):  # "la plus ancienne démarche": all are compared
        return True
    if not best or best[0].chance < _LIKELY:
        return False
    if abstention.reason == "subject":
        surely = case.is_answered and best[0].chance >= _SAYS_SO and not (abstention.sought or abstention.missing)
        return surely or general
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
        told = words.nor.join(f"«\u00a0{escape(word)}\u00a0»" for word in abstention.missing)
        return (words.not_existing if abstention.whether else words.not_said).format(words=told)
    return words.no_detail if abstention.reason == "detail" else words.nothing


def _name_nearest(
    abstention: Abstention,
    hits: Sequence[Hit],
    index: Index,
    words: AroundWords,
    near: Mapping[str, Sentence],
    citations: Citations,
) -> list[str]:
    if not hits or not abstention.is_near:
        return []

    def name(hit: Hit, line: str, indent: str) -> str:
        """A sheet, and its sentence that comes near."""
        sentence = near.get(hit.sheet.id)
        if sentence is None:
            return line
        told = words.says.format(quote=quote(escape(sentence.text), citations.cite(sentence, hit.sheet.title)))
        return f"{line}\n\n{indent}{told}"

    if abstention.reason == "detail":
        nearest = words.nearest_sheet.format(sheet=describe_sheet(hits[0].sheet, index))
        lasting = abstention.sought is not None and abstention.sought.way == "duration"
        steps = [line for line in read_lines(hits[0]) if is_step(line)] if lasting else []
        return [name(hits[0], f"{nearest} {words.only_order}" if len(steps) > 1 else nearest, "")]
    ordered = sorted(hits[:_NEAREST], key=lambda hit: hit.sheet.id not in near)
    named = [name(hit, f"- {describe_sheet(hit.sheet, index)}", "  ") for hit in ordered]
    return [words.nearest, "\n".join(named)]


def _of_place(name: str) -> str:
    """ "de Dijon", "d'Amiens", "du Havre", "de La Rochelle"; what needs an article stands between quotation marks."""
    text = read_text(name, _LANGUAGE)
    if article := _TOWN_NAME.search("article", text):
        return f"{'du' if article['article'] == 'le' else 'des'} {escape(name[article.end :].strip())}"
    return f"d'{escape(name)}" if _TOWN_NAME.has("elided", text) else f"de {escape(name)}"


KIND = Kind("nothing", "Sans réponse", _draft, about_sheets=False)
