"""Period: from when to when a practice went, by its dated steps, when no sentence tells how long it took."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import Line, is_step, quote_text, read_lines
from assistant.finding.quantities import find_held
from assistant.finding.signs import stands_out
from assistant.wording import describe_sheet
from assistant.wording.told import open_period
from index.passages import Sentence
from index.ranking.retrieval import Hit
from language.grammar import Grammar
from language.numbers import find_years
from language.text import ANY, read_text

_FIGURE = Grammar("figure")
_LIKELY = 0.5  # that a sentence answers, for the duration in it to be the one asked


def _draft(case: Case) -> Draft | Passed:
    asked = case.reading.fact
    if asked is None or asked.quantity != "duration":
        return Passed("la question ne demande pas combien de temps")
    if not case.hits or not (case.reading.single or len(case.reading.only) == 1 or stands_out(case.hits)):
        return Passed("aucune fiche ne se détache")
    if case.abstention and case.abstention.reason != "detail":
        return Passed(f"les fiches trouvées n'en parlent pas{case.chances}")
    hit = case.hits[0]
    own = [each for each in case.read if each.hit.sheet.id == hit.sheet.id and each.chance >= _LIKELY]
    if any(find_held(each.sentence.text, asked) for each in own):
        return Passed("une phrase de la fiche donne sans doute cette durée")
    dated = find_dated(hit)
    return _tell(hit, dated, case) if dated else Passed("ses étapes ne sont pas datées")


def find_dated(hit: Hit) -> list[Line]:
    """The steps of a sheet that say when they were, in its order."""
    return [line for line in read_lines(hit) if is_step(line) and _is_date(line.dated)]


def _is_date(label: str) -> bool:
    return _FIGURE.has("date", read_text(label, ANY)) or any(find_years(label))


def _tell(hit: Hit, dated: Sequence[Line], case: Case) -> Draft:
    """The dates of the first and of the last step, and nothing computed of them."""
    citations, language = Citations(), case.reading.understood.language
    ends = dated if len(dated) == 1 else (dated[0], dated[-1])
    marks = [f"**{line.dated}**\u00a0[{_cite(line, hit, citations)}]" for line in ends]
    steps = "\n".join(f"- {quote_text(line.passage, _write(line), hit.sheet, citations)}" for line in ends)
    blocks = [open_period(marks, language), describe_sheet(hit.sheet, case.index), steps]
    return Draft(kind="period", text="\n\n".join(blocks), citations=citations.all())


def _cite(line: Line, hit: Hit, citations: Citations) -> int:
    return citations.cite(Sentence(line.passage, _write(line), 0.0), hit.sheet.title)


def _write(line: Line) -> str:
    """A step as its passage has it."""
    return f"{line.label} : {line.text}"


KIND = Kind("period", "Dates des étapes", _draft, family="duration", pointed=True)
