"""Small talk: a greeting is answered with what may be asked, thanks with thanks."""

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Kind, Passed
from assistant.wording import SMALL_TALK, THANKS


def _draft(case: Case) -> Draft | Passed:
    if not case.reading.courtesy:
        return Passed("le message demande quelque chose")
    return Draft(kind="small_talk", text=THANKS if case.reading.courtesy == "thanks" else SMALL_TALK)


KIND = Kind("small_talk", "Politesses", _draft, about_sheets=False, judged=False)
