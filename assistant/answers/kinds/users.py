"""Users: who employs a tool or a provider, by the sentences that name that very one."""

from __future__ import annotations

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.answers.selection import find_place
from assistant.answers.users import find_users
from assistant.wording import describe_sheet, escape, quote
from assistant.wording.told import open_users
from language.text import read_text


def _draft(case: Case) -> Draft | Passed:
    reading = case.reading
    if reading.only or reading.form.comparison or reading.form.method:
        return Passed("elle ne demande pas qui emploie un outil")
    users = find_users(read_text(reading.asked, reading.understood.language), case.index)
    if users is None:
        return Passed("elle ne nomme aucun outil ni prestataire dont les fiches parlent")
    told = [
        (sheet, sentence)
        for sheet, sentence in users.sentences
        if (case.filters is None or case.filters.accept(sheet)) and _is_within(case, sheet.id)
    ]
    if not told:
        return Passed("aucune de ces fiches n'est dans les limites demandées")
    citations = Citations()
    items = [
        f"{number}. {describe_sheet(sheet, case.index)}\n\n"
        f"   {quote(escape(sentence.text), citations.cite(sentence, sheet.title))}"
        for number, (sheet, sentence) in enumerate(told, start=1)
    ]
    opening = open_users(escape(users.name), len(told), reading.understood.language)
    sheets = tuple(sheet.id for sheet, _ in told)
    return Draft(kind="users", text="\n\n".join([opening, *items]), citations=citations.all(), sheets=sheets)


def _is_within(case: Case, sheet: str) -> bool:
    """Whether a sheet is of the places that the question names, if any."""
    places = case.reading.understood.places
    row = case.index.catalogue.rows[sheet]
    return not places or any(bool(find_place(place, case.index)[row]) for place in places)


KIND = Kind("users", "Qui emploie un outil", _draft, exact=True)
