"""Figures: a quantity as several sheets give it: from which to which, whose each is, and the sentence of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import pass_on, tell_best
from assistant.answers.proofs import choose_proofs, write_proofs
from assistant.finding.findings import Finding
from assistant.finding.quantities import find_held
from assistant.finding.sentences import BACKGROUND
from assistant.finding.signs import weigh_words
from assistant.french.numbers import say_number
from assistant.reading.asked import Asked, Quantity
from assistant.wording import escape
from assistant.wording.told import divided, mixed, open_told, per_inhabitant, tell_range
from index.aspects.figures import Figure, find_figures, read_measured
from index.aspects.measured import Measured
from index.signals.lexical import split_words

_MOST, _FEWEST = 9, 2  # sentences
_MEASURED: dict[Quantity, Measured] = {"money": "cost", "share": "share", "duration": "duration"}
_FITS = 0.5
_LIKELY = 0.3  # that a sentence answers, for its figure to be told as the one asked
_WHOLE = 10  # euros for each inhabitant from which on cents tell nothing
_OF_IT = 0.5  # of the question's words, each by its rarity: a figure beside fewer of them may be of something else
_ALIKE = 3  # sheets whose figures can be compared


def _draft(case: Case) -> Draft | Passed:
    asked, language = case.reading.fact, case.reading.understood.language
    if case.wants != "figures":
        return pass_on(case)
    if asked is None:
        return tell_best(case, "figures", "advice")
    # How many the organisation employs, or how many live there, is not what its practice took.
    told = [each for each in case.found if each.sentence.passage.role not in BACKGROUND]
    held = [each for each in told if each.chance >= _LIKELY and _find(each, asked)]
    chosen = choose_proofs(held, _MOST)
    sheets = len({each.hit.sheet.id for each in chosen})
    if sheets < _FEWEST:
        return tell_best(case, "figures", "advice")
    citations = Citations()
    span = _write_range(chosen, case, asked, citations)
    opening = " ".join(part for part in (open_told("figures", sheets, language), span or mixed(language)) if part)
    parts = _divide(chosen, case, asked, citations) if case.reading.form.per_inhabitant else ""
    opening = "\n\n".join(part for part in (parts, opening) if part)
    return write_proofs("figures", opening, chosen, asked, case.index, citations)


def _divide(chosen: Sequence[Finding], case: Case, asked: Asked, citations: Citations) -> str:
    """The amounts of towns for each of their inhabitants, with the division; "" when no town tells one."""
    people, language = case.index.catalogue.inhabitants, case.reading.understood.language
    each_one, lines = per_inhabitant(language), []
    weights = weigh_words(case.reading.asked, case.index)
    for each in chosen:
        if not _is_of_it(each.sentence.text, weights):
            continue
        figure, inhabitants = _find(each, asked), people[case.index.catalogue.rows[each.hit.sheet.id]]
        if figure is None or figure.unit != "€" or np.isnan(inhabitants):
            continue
        amount, towns = round(figure.low), round(inhabitants)
        ratio = (
            say_number(round(amount / towns)) if amount >= _WHOLE * towns else f"{amount / towns:.1f}".replace(".", ",")
        )
        mark = citations.cite(each.sentence, each.hit.sheet.title)
        whose = escape(each.hit.sheet.organisation or each.hit.sheet.title)
        formula = f"{say_number(amount)}\u00a0€ ÷ {say_number(towns)}"
        lines.append(f"- **{ratio}\u00a0€** {each_one} ({formula}) – {whose}\u00a0[{mark}]")
    return "\n".join([divided(language) + "\n", *dict.fromkeys(lines)]) if lines else ""


def _find(found: Finding, asked: Asked) -> Figure | None:
    """The figure of a sentence that is asked: the one that measures it, or where the quantity stands."""
    figures = find_figures(found.sentence.text, found.sentence.passage.role)
    measured = _MEASURED.get(asked.quantity) or read_measured(asked.counted)
    if measured:
        return next((each for each in figures if each.measured == measured), None)
    held = find_held(found.sentence.text, asked)
    if held is None or held.fit < _FITS:
        return None
    return next((each for each in figures if each.start < held.end and held.start < each.end), None)


def _write_range(chosen: Sequence[Finding], case: Case, asked: Asked, citations: Citations) -> str:
    """From the least to the greatest of those that can be compared, with whose they are; "" when too few can be."""
    weights = weigh_words(case.reading.asked, case.index)
    pairs = [
        (figure, each) for each in chosen if (figure := _find(each, asked)) and _is_of_it(each.sentence.text, weights)
    ]
    units = Counter((figure.unit, figure.per, figure.measured) for figure, _ in pairs)
    usual = units.most_common(1)[0][0] if units else None
    alike = [pair for pair in pairs if (pair[0].unit, pair[0].per, pair[0].measured) == usual]
    if len({found.hit.sheet.id for _, found in alike}) < _ALIKE:
        return ""
    least, most = min(alike, key=lambda pair: pair[0].low), max(alike, key=lambda pair: pair[0].high)
    if least[1].hit is most[1].hit:
        return ""
    return tell_range(_name(least, citations), _name(most, citations), case.reading.understood.language)


def _is_of_it(sentence: str, weights: dict[str, float]) -> bool:
    """Whether a sentence has enough of the question's words for its figure to be of what is asked."""
    has = set(split_words(sentence))
    return sum(weight for word, weight in weights.items() if word in has) >= _OF_IT * sum(weights.values())


def _name(pair: tuple[Figure, Finding], citations: Citations) -> str:
    """ "**250 000 €** (Mairie de Jarny) [2]"."""
    figure, found = pair
    sheet = found.hit.sheet
    mark = citations.cite(found.sentence, sheet.title)
    return f"**{escape(figure.written)}** ({escape(sheet.organisation or sheet.title)})\u00a0[{mark}]"


KIND = Kind("figures", "Chiffres", _draft, bounded=True)
