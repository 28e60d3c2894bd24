"""Declined: a message that asks for personal data, or tries to make the assistant misbehave."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.wording import DECLINED_MISUSE, DECLINED_PERSONAL


def _draft(case: Case) -> Draft | Passed:
    declined = case.reading.declined
    if declined is None:
        return Passed("le message n'est pas de ceux que l'on refuse")
    text = DECLINED_MISUSE if declined == "misuse" else DECLINED_PERSONAL.format(contact=case.sources.contact)
    return Draft(kind="declined", text=text, abstained=True, reason=declined)


KIND = Kind("declined", "Refusées", _draft, about_sheets=False)
