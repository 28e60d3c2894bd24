"""Figures: a quantity as several sheets give it: from which to which, whose each is, and the sentence of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.nothing import draft_no_detail
from assistant.answers.kinds.told import find_teams, pass_on, tell_best, write_teams
from assistant.answers.proofs import choose_proofs, write_proofs
from assistant.finding.aim import Aim, is_named
from assistant.finding.findings import Finding
from assistant.finding.meant import FIGURES, SURE, Meant, rank_meant
from assistant.finding.names import find_names
from assistant.finding.sentences import BACKGROUND
from assistant.french.numbers import say_number
from assistant.reading.asked import Quantity
from assistant.wording import escape
from assistant.wording.told import divided, mixed, open_told, per_inhabitant, tell_range
from index.aspects.figures import Figure

_MOST = 9  # sentences
_FEWEST = 2  # sheets
_LIKELY = 0.3  # that a sentence answers, for its figure to be told as the one asked
_MAY_BE = 0.1  # the figure that is asked: with none of them, no sheet gives it
_READ = 200  # sentences
_VERY_LIKELY = 0.7  # that a sentence answers, though no figure of it is recognised as the one asked
_SURELY: tuple[Quantity, ...] = ("share",)  # never told without a figure
_WHOLE = 10  # euros for each inhabitant from which on cents tell nothing
_ALIKE = 3  # sheets whose figures can be compared


@dataclass(frozen=True)
class _Told:
    """A sentence with its figure that is asked."""

    found: Finding
    meant: Meant


def _draft(case: Case) -> Draft | Passed:
    aim, language = case.aim, case.reading.understood.language
    figure = aim is not None and aim.asked.quantity in FIGURES
    if case.wants != "figures":
        sure = aim is not None and aim.asked.quantity in _SURELY and aim.particular
        absent = sure and aim and not any(_find_told(case, aim, 0.0))
        return draft_no_detail(case, case.hits[:1]) if absent else pass_on(case)
    if aim is None or not figure:
        return tell_best(case, "figures", "advice")
    if aim.of_staff and (teams := find_teams(case)):
        return write_teams("figures", teams, aim, case)
    held = _keep_named([each for each in _find_told(case, aim, _LIKELY) if each.meant.chance >= SURE], aim)
    chosen = choose_proofs([each.found for each in held], _MOST)
    if not chosen:
        near = not aim.wholes and (_is_told(case) or not aim.particular or any(_find_told(case, aim, 0.0)))
        return tell_best(case, "figures", "advice") if near else draft_no_detail(case, case.hits[:1])
    told = [each for each in held if each.found in chosen]
    citations = Citations()
    sheets = len({each.hit.sheet.id for each in chosen})
    span = _write_range(told, case, citations) or (mixed(language) if sheets > 1 else "")
    opening = " ".join(part for part in (open_told("figures", sheets, language), span) if part)
    parts = _divide(told, case, citations) if case.reading.form.per_inhabitant else ""
    opening = "\n\n".join(part for part in (parts, opening) if part)
    return write_proofs("figures", opening, chosen, aim, case.index, citations, reading=case.reading)


def _is_told(case: Case) -> bool:
    """Whether a sentence very likely answers a question that names no one: another form of the figure asked."""
    reading, best = case.reading, case.read[:1]
    named = find_names(reading.asked, reading.understood.places, case.index, reading.understood.language)
    return bool(best) and best[0].chance >= _VERY_LIKELY and not named and not reading.understood.places


def _find_told(case: Case, aim: Aim, likely: float) -> Iterator[_Told]:
    """The sentences that likely answer whose figure may be the one asked, best first.

    How many the organisation employs, or how many live there, is not what its practice took. That questions on other
    figures were answered by other sentences makes none less likely.
    """
    for found in case.found[:_READ]:
        if max(found.chance, found.alone) < likely or found.sentence.passage.role in BACKGROUND:
            continue
        meant = rank_meant(found.sentence, found.hit.sheet, aim)
        if meant and meant[0].chance >= _MAY_BE:
            yield _Told(found, meant[0])


def _keep_named(held: list[_Told], aim: Aim) -> list[_Told]:
    """Those that call what is asked by its name, if several sheets do."""
    named = [each for each in held if is_named(aim, each.found.sentence.text, each.found.hit.sheet.title)]
    return named if len({each.found.hit.sheet.id for each in named}) >= _FEWEST else held


def _divide(told: Sequence[_Told], case: Case, citations: Citations) -> str:
    """The amounts of towns for each of their inhabitants, with the division; "" when no town tells one."""
    people, language = case.index.catalogue.inhabitants, case.reading.understood.language
    each_one, lines = per_inhabitant(language), dict[str, str]()
    for each in told:
        sheet, figure = each.found.hit.sheet, each.meant.figure
        inhabitants = people[case.index.catalogue.rows[sheet.id]]
        if figure is None or figure.unit != "€" or np.isnan(inhabitants):
            continue
        amount, towns = round(figure.low), round(inhabitants)
        ratio = (
            say_number(round(amount / towns)) if amount >= _WHOLE * towns else f"{amount / towns:.1f}".replace(".", ",")
        )
        mark = citations.cite(each.found.sentence, sheet.title)
        whose = escape(sheet.organisation or sheet.title)
        formula = f"{say_number(amount)}\u00a0€ ÷ {say_number(towns)}"
        line = f"- **{ratio}\u00a0€** {each_one} ({formula}) – {whose}"
        lines.setdefault(line, f"{line}\u00a0[{mark}]")  # a sheet may say an amount twice
    return "\n".join([divided(language) + "\n", *lines.values()]) if lines else ""


def _write_range(told: Sequence[_Told], case: Case, citations: Citations) -> str:
    """From the least to the greatest of those that can be compared, with whose they are; "" when too few can be."""
    pairs = [(each.meant.figure, each.found) for each in told if each.meant.figure]
    units = Counter(_describe(figure) for figure, _ in pairs)
    usual = units.most_common(1)[0][0] if units else None
    alike = [pair for pair in pairs if _describe(pair[0]) == usual]
    if len({found.hit.sheet.id for _, found in alike}) < _ALIKE:
        return ""
    least, most = min(alike, key=lambda pair: pair[0].low), max(alike, key=lambda pair: pair[0].high)
    if least[1].hit is most[1].hit:
        return ""
    return tell_range(_name(least, citations), _name(most, citations), case.reading.understood.language)


def _describe(figure: Figure) -> tuple[str, str, str]:
    """What figures that can be compared have in common."""
    return figure.measured, figure.unit, figure.per


def _name(pair: tuple[Figure, Finding], citations: Citations) -> str:
    """ "**250 000 €** (Mairie de Jarny) [2]"."""
    figure, found = pair
    sheet = found.hit.sheet
    mark = citations.cite(found.sentence, sheet.title)
    return f"**{escape(figure.written)}** ({escape(sheet.organisation or sheet.title)})\u00a0[{mark}]"


KIND = Kind("figures", "Chiffres", _draft, bounded=True, pointed=True)
