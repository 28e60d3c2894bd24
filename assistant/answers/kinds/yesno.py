"""Yes or no: the sheets that speak of what is asked; they are quoted, and summed up in a yes by a figure alone."""

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.kinds.told import draft_told, tell_best
from assistant.answers.passing import find_passing
from assistant.answers.proofs import choose_proofs, write_proofs
from assistant.wording import escape, quote
from assistant.wording.told import say_yes
from language.grammar import Grammar
from language.text import read_text

_FORM = Grammar("form")


def _draft(case: Case) -> Draft | Passed:
    language = case.reading.understood.language
    if case.wants == "yesno" and _FORM.has("open", read_text(case.reading.asked, language)):
        return tell_best(case, "yesno", "advice")
    drafted = draft_told(case, "yesno", "yesno")
    passing = find_passing(case.reading, case.found) if isinstance(drafted, Draft) else None
    if passing is None or isinstance(drafted, Passed):
        return drafted
    citations = Citations()
    mark = citations.cite(passing.sentence, passing.hit.sheet.title)
    opening = say_yes(quote(escape(passing.sentence.text), mark), language)
    return write_proofs("yesno", opening, choose_proofs(case.found), None, case.index, citations, reading=case.reading)


KIND = Kind("yesno", "Oui ou non", _draft, bounded=True, near=True)
