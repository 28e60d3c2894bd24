"""Carrier: who carries a practice that is named, and where: what its sheet always says of it."""

from __future__ import annotations

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.lines import of_role, quote_line, read_lines
from assistant.answers.named import find_named
from assistant.answers.proofs import choose_proofs, write_proofs
from assistant.reading.reading import Reading
from assistant.wording import describe_sheet
from assistant.wording.told import say_carrier
from index.opened import Index
from language.grammar import Grammar
from language.text import read_text

_FORM = Grammar("form")
_SENTENCES, _LONGEST = 2, 40  # of who carries it; words of what is said of them


def _draft(case: Case) -> Draft | Passed:
    reading = case.reading
    if not (reading.form.where or reading.form.carried):
        return Passed("elle ne demande ni où, ni qui porte une démarche")
    sheet = _find_practice(reading, case.index)
    hit = next((hit for hit in case.hits if hit.sheet.id == sheet), None)
    if hit is None or hit.sheet.kind != "practice" or not hit.sheet.organisation:
        return Passed("elle ne nomme pas une démarche")
    told = say_carrier(hit.sheet, reading.understood.language)
    own = [each for each in case.found if each.hit.sheet.id == sheet]
    about = of_role(read_lines(hit), "organisation")[:1]
    if about and reading.form.where:  # whose place it is says more than what was done there
        citations = Citations()
        said = quote_line(about[0], hit.sheet, citations, _LONGEST)
        text = "\n\n".join([told, said, describe_sheet(hit.sheet, case.index)])
        return Draft(kind="carrier", text=text, citations=citations.all())
    chosen = choose_proofs(own, _SENTENCES)
    if not chosen:
        return Draft(kind="carrier", text=f"{told}\n\n{describe_sheet(hit.sheet, case.index)}", sheets=(sheet,))
    return write_proofs("carrier", told, chosen, None, case.index, Citations(), reading=reading)


def _find_practice(reading: Reading, index: Index) -> str:
    """The sheet that a question asks this of: the one shown before it, or the one that it names; "" without any."""
    if len(reading.only) == 1:
        return reading.only[0]
    text = read_text(reading.asked, reading.understood.language)
    for name in ("where", "carried"):
        text = _FORM.without(name, text)
    named = find_named(text.words, index, alone=False)
    return named.id if named else ""


KIND = Kind("carrier", "Porteur et lieu", _draft, pointed=True, family="fact")
