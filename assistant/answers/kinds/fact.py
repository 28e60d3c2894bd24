"""Fact: the sentence that holds the figure, date or name asked of one sheet."""

from assistant.answers.draft import Citations, Draft
from assistant.answers.excerpts import embolden, score_sentences
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.nothing import draft_nothing
from assistant.answers.there import keep_place
from assistant.answers.unmet import keep_fitting
from assistant.finding.abstention import Abstention, asks_more
from assistant.finding.findings import Finding
from assistant.finding.quantities import find_held
from assistant.finding.signs import stands_out
from assistant.reading.asked import UNCERTAIN, Asked
from assistant.reading.sought import find_sought
from assistant.wording import FACTS, describe_sheet, quote
from index.passages import Sentence
from index.ranking.retrieval import Hit
from language.text import read_text

_VERY_LIKELY = 0.5
_AS_LIKELY = 0.5  # beside the best sentence of the sheet
_AS_GOOD = 1.0  # a second sentence is shown when it scores within this of the best


def _draft(case: Case) -> Draft | Passed:
    """A fact when one is asked of one sheet. What happened in a place is told by the sheets of this place."""
    asked = case.reading.fact
    if asked is None:
        return Passed("la question ne demande ni chiffre, ni date, ni nom")
    hits = keep_place(keep_fitting(list(case.hits)), case.reading.understood, case.index)
    if not stands_out(hits):
        return Passed("aucune fiche ne se détache")
    drafted = _draft_fact(case, asked, hits[0])
    if isinstance(drafted, Draft) and drafted.abstained and asks_more(case.reading):
        return Passed("elle demande plusieurs choses")
    if isinstance(drafted, Draft) and drafted.abstained and any(_is_told(each, hits[0]) for each in case.found):
        return Passed("une phrase de cette fiche répond sans doute, sous une autre forme")
    return drafted


def _find_holding(case: Case, asked: Asked, hit: Hit) -> list[Sentence]:
    """The one or two sentences of a sheet that hold the fact; of a name, which many hold, those that answer."""
    if asked.quantity in UNCERTAIN:
        own = [found for found in case.found if found.hit.sheet.id == hit.sheet.id]
        return [
            f.sentence for f in own if find_held(f.sentence.text, asked) and f.chance >= _AS_LIKELY * own[0].chance
        ][:2]
    ranked = score_sentences(case.reading.asked, hit, asked)
    return [s for s, score in ranked if find_held(s.text, asked) and score >= ranked[0][1] - _AS_GOOD][:2]


def _is_told(found: Finding, hit: Hit) -> bool:
    """Whether a sentence of a sheet very likely answers, though no figure is recognised in it as the one asked."""
    return found.hit.sheet.id == hit.sheet.id and found.chance >= _VERY_LIKELY


def _draft_fact(case: Case, asked: Asked, hit: Hit) -> Draft | Passed:
    """The sentence that holds the fact, its figure in bold, and a second one when it may hold it as well."""
    holding = _find_holding(case, asked, hit)
    if not holding:
        if asked.quantity in UNCERTAIN:  # names take too many forms for their absence to be known
            return Passed("la fiche qui se détache ne donne pas de nom")
        language = case.reading.understood.language
        absent = Abstention(reason="detail", sought=find_sought(read_text(case.reading.asked, language)))
        nothing = draft_nothing(absent, [hit], case.index, case.sources.contact, language)
        what = FACTS[asked.quantity]
        return nothing.model_copy(
            update={"remark": f"aucune phrase de la fiche {hit.sheet.id}, qui se détache, n'est reconnue comme {what}"}
        )
    citations = Citations()
    lines = [quote(embolden(s, asked), citations.cite(s, hit.sheet.title)) for s in holding]
    return Draft(
        kind="fact", text="\n\n".join([*lines, describe_sheet(hit.sheet, case.index)]), citations=citations.all()
    )


KIND = Kind("fact", "Fait précis", _draft, bounded=True)
