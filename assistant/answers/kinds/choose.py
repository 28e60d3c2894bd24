"""Choose: which kind of answer a question is given without a language model; the first that the sheets allow."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers.draft import Draft, KindName
from assistant.answers.kinds.beyond import add_beyond
from assistant.answers.kinds.kind import Case, Kind
from assistant.answers.kinds.registry import KINDS
from assistant.answers.unmet import tell_unmet
from assistant.finding.answered import DOUBTFUL, SURE_WITHOUT
from assistant.finding.missing import find_unshown
from assistant.wording import REASONS
from assistant.wording.missing import DOUBT, say_unshown


@dataclass(frozen=True)
class Tried:
    """A kind that was tried on a question; `reason` is why it was not taken, or why the taken one abstains."""

    form: KindName
    taken: bool
    reason: str = ""


@dataclass(frozen=True)
class Choice:
    """The draft of the first kind that did not pass, and the kinds tried before it."""

    draft: Draft
    tried: tuple[Tried, ...]


def choose(case: Case) -> Choice:
    """The answer in the sheets' own words."""
    tried: list[Tried] = []
    for kind in KINDS:
        drafted = kind.draft(case)
        if isinstance(drafted, Draft):
            tried.append(Tried(kind.name, taken=True, reason=_say_why(drafted, case)))
            return Choice(_finish(drafted, kind, case), tuple(tried))
        tried.append(Tried(kind.name, taken=False, reason=drafted.reason))
    raise AssertionError("the last kind passes nothing on")


def _say_why(draft: Draft, case: Case) -> str:
    """Why a draft abstains, "" when it answers."""
    if not draft.reason:
        return ""
    if draft.remark:
        return draft.remark
    judged = draft.reason not in ("misuse", "personal") and case.reading.needs_search
    return f"{REASONS[draft.reason]}{case.chances if judged else ''}"


def _finish(draft: Draft, kind: Kind, case: Case) -> Draft:
    """The draft, with what no sheet speaks of, or what those shown do not meet, of what was asked before it."""
    if not kind.bounded or case.reading.only or draft.abstained:
        return draft
    shown = draft.shown
    unmet = tell_unmet(case.reading, shown, case.index)
    cited = [hit for hit in (*case.hits, *case.further) if hit.sheet.id in shown]
    chance = case.answered
    certain = case.is_answered or (chance is not None and chance >= SURE_WITHOUT)
    unshown = {} if certain else find_unshown(case.reading, cited, case.index, case.sources.encoder)
    draft = add_beyond(draft, case)
    # Some openings say themselves what is told: that something exists, or may; a team without its total; a meaning.
    own = unmet or unshown or case.reading.form.exists or case.tells_team or case.gloss
    doubted = chance is not None and chance < DOUBTFUL and not own
    told = [unmet, say_unshown(unshown), DOUBT if doubted else "", draft.text]
    text = "\n\n".join(part for part in told if part)
    return draft.model_copy(update={"text": text, "missing": (*draft.missing, *unshown)})
