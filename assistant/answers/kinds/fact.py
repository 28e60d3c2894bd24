"""Fact: the sentence that holds the figure, date or name asked of one sheet."""

from assistant.answers.beside import tell_beside
from assistant.answers.draft import Citations, Draft
from assistant.answers.excerpts import embolden, score_sentences
from assistant.answers.kinds.kind import Case, Kind, Passed, has_team
from assistant.answers.kinds.nothing import draft_no_detail
from assistant.answers.kinds.told import write_teams
from assistant.answers.there import keep_place
from assistant.answers.unmet import keep_fitting
from assistant.finding.abstention import asks_more
from assistant.finding.aim import Aim
from assistant.finding.findings import Finding
from assistant.finding.meant import FIGURES, find_meant, rank_meant
from assistant.finding.quantities import find_held, read_anyone
from assistant.finding.sentences import BACKGROUND
from assistant.finding.shares import says_taking_part
from assistant.finding.signs import stands_out
from assistant.reading.asked import UNCERTAIN
from assistant.wording import FACTS, describe_sheet, quote
from index.passages import Sentence
from index.ranking.retrieval import Hit

_VERY_LIKELY = 0.5
_AS_LIKELY = 0.5  # beside the best sentence of the sheet
_AS_GOOD = 1.0  # a second sentence that holds a date is shown when it scores within this of the best
_AS_SURE = 0.5  # beside the best, for a second sentence
_MOST = 2
_UNLIKELY = 0.12  # that a figure is the one asked, below which a sentence tells another thing
_NOT_TAKING_PART = 0.4
_OF_ORGANISATION = 0.3  # that a duration told of an organisation, or of who works with it, is that of the practice
_LEAST = 0.05  # that a sentence answers


def _draft(case: Case) -> Draft | Passed:
    """A fact when one is asked of one sheet. What happened in a place is told by the sheets of this place."""
    aim = case.aim
    if aim is None:
        return Passed("la question ne demande ni chiffre, ni date, ni nom")
    hits = keep_place(keep_fitting(list(case.hits)), case.reading.understood, case.index)
    if not stands_out(hits):
        return Passed("aucune fiche ne se détache")
    drafted = _draft_fact(case, aim, hits[0])
    if isinstance(drafted, Draft) and drafted.abstained and asks_more(case.reading):
        return Passed("elle demande plusieurs choses")
    if isinstance(drafted, Draft) and drafted.abstained and any(_is_told(each, hits[0]) for each in case.read):
        return Passed("une phrase de cette fiche répond sans doute, sous une autre forme")
    return drafted


def _is_told(found: Finding, hit: Hit) -> bool:
    """Whether a sentence of a sheet very likely answers, though no figure is recognised in it as the one asked."""
    return found.hit.sheet.id == hit.sheet.id and found.chance >= _VERY_LIKELY


def _draft_fact(case: Case, aim: Aim, hit: Hit) -> Draft | Passed:
    """The sentence that holds the fact, its figure in bold, and a second one when it may hold it as well."""
    named = aim.asked.quantity in UNCERTAIN
    holding = _choose_named(case, aim, hit) if named else _choose(case, aim, hit)
    if aim.of_staff and has_team(hit) and not any(find_meant(s, hit.sheet, aim) for s in holding):
        return write_teams("fact", [hit], aim, case)
    if not holding:
        if named:  # names take too many forms for their absence to be known
            return Passed("la fiche qui se détache ne donne pas de nom")
        nothing = draft_no_detail(case, [hit])
        what = FACTS[aim.asked.quantity]
        return nothing.model_copy(
            update={"remark": f"aucune phrase de la fiche {hit.sheet.id}, qui se détache, n'est reconnue comme {what}"}
        )
    citations = Citations()
    lines = [quote(embolden(s, hit.sheet, aim), citations.cite(s, hit.sheet.title)) for s in holding]
    described = describe_sheet(hit.sheet, case.index) + tell_beside(hit.sheet, case.reading, case.index)
    return Draft(kind="fact", text="\n\n".join([*lines, described]), citations=citations.all())


def _choose_named(case: Case, aim: Aim, hit: Hit) -> list[Sentence]:
    """The sentences of a sheet that hold a name or a subject and likely answer: many hold one."""
    own = [found for found in case.found if found.hit.sheet.id == hit.sheet.id]
    likely = [found for found in own if found.chance >= _AS_LIKELY * own[0].chance]
    return [found.sentence for found in likely if find_held(found.sentence.text, aim.asked)][:_MOST]


def _choose(case: Case, aim: Aim, hit: Hit) -> list[Sentence]:
    """The sentences of a sheet whose figure is likely the one asked, the likeliest first.

    Both count: that the figure is the one asked, and that the sentence answers, whichever figure it holds.
    """
    if aim.asked.quantity not in FIGURES:
        return _choose_dated(case, aim, hit)
    answers = {found.sentence.text: found.chance for found in case.found if found.hit.sheet.id == hit.sheet.id}
    ranked = []
    for sentence in hit.sentences:
        meant, chance = _meant(sentence, hit, aim), answers.get(sentence.text, 0.0)
        if meant >= _UNLIKELY or (meant and chance >= _VERY_LIKELY):
            ranked.append((sentence, meant * (chance + _LEAST) * _weigh_told_of(sentence, aim)))
    ranked.sort(key=lambda each: -each[1])
    return [sentence for sentence, chance in ranked[:_MOST] if chance >= _AS_SURE * ranked[0][1]]


def _weigh_told_of(sentence: Sentence, aim: Aim) -> float:
    """Less for a sentence that counts people and does not say that they took part, where this is asked, and for one
    that says how long an organisation has been there.
    """
    if aim.asked.quantity == "duration" and sentence.passage.role in BACKGROUND:
        return _OF_ORGANISATION
    asks = aim.took_part and aim.asked.quantity == "count" and bool(read_anyone() & {*aim.asked.counted})
    return 1.0 if not asks or says_taking_part(sentence.text) else _NOT_TAKING_PART


def _choose_dated(case: Case, aim: Aim, hit: Hit) -> list[Sentence]:
    """The sentences of a sheet that hold a date, a person or an outcome, the closest to the question first."""
    ranked = score_sentences(case.reading.asked, hit, aim.asked)
    return [s for s, score in ranked if find_held(s.text, aim.asked) and score >= ranked[0][1] - _AS_GOOD][:_MOST]


def _meant(sentence: Sentence, hit: Hit, aim: Aim) -> float:
    """How likely what a sentence holds is what is asked for, 0 when it holds nothing of the kind."""
    meant = rank_meant(sentence, hit.sheet, aim)
    if aim.wholes:  # what is held may be a share of anything
        return meant[0].chance if meant else 0.0
    if not meant and aim.asked.quantity == "duration":  # "3 journées d'exposition" counts meetings
        return 0.0
    return meant[0].chance if meant else _UNLIKELY * bool(find_held(sentence.text, aim.asked))


KIND = Kind("fact", "Fait précis", _draft, bounded=True, pointed=True)
