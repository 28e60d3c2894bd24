"""Joined: the answers to the questions of one message, one after the other, under what each answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.draft import Citations, Draft
from assistant.answers.kinds.registry import is_near, is_pointed
from assistant.reading.follow_up import read_follow_up
from assistant.wording import MARK, escape, read_plain
from language.text import read_text

_MARKS = " ,;:.!?…–-"


@dataclass(frozen=True)
class Part:
    """A question of a message, as it is written, and the answer to it alone."""

    question: str
    draft: Draft


def join(parts: Sequence[Part], whole: Draft, language: str) -> Draft:
    """One draft of the answers to several questions, or that of the `whole` message where they say no more than it.

    Of what no sheet answers, that is said; of what was quoted whole for a question before it, nothing more is.
    """
    citations, told = Citations(), list[str]()
    for part in parts:
        before = len(citations.all())
        text = renumber(_keep_word(part.draft), citations)
        if told and len(citations.all()) == before and _is_told(part.draft, "\n".join(told), parts):
            continue
        told.append(f"**{head(part.question, language)}**\n\n{text}" if told else text)
    answered = [part for part in parts if not part.draft.abstained]
    if len(told) == 1 and answered and whole.abstained:  # what answers one question answers the others
        return answered[0].draft
    if len(told) < 2 or _is_surer(whole, parts[0].draft, answered):
        return whole
    missing = tuple(dict.fromkeys(word for part in parts for word in part.draft.missing))
    if not answered:
        return whole.model_copy(update={"text": "\n\n".join([*told, *_read_rest(whole)]), "missing": missing})
    return answered[0].draft.model_copy(
        update={
            "text": "\n\n".join(told),
            "citations": citations.all(),
            "sheets": tuple(dict.fromkeys(sheet for part in answered for sheet in part.draft.sheets)),
            "notes": tuple(dict.fromkeys(note for part in answered for note in part.draft.notes)),
            "missing": missing,
        }
    )


def _is_surer(whole: Draft, first: Draft, answered: Sequence[Part]) -> bool:
    """Whether a message tells more of what it is about than its questions one by one: that no sheet is on its subject,
    though they find some that come near it; or that some are, though the first question alone finds none.
    """
    if whole.abstained and whole.reason != "detail":  # one question's detail is not the others'
        return bool(answered) and all(is_near(part.draft.kind) for part in answered)
    return (not answered and not whole.abstained) or (first.abstained and first.reason == "subject")


def _is_told(draft: Draft, before: str, parts: Sequence[Part]) -> bool:
    """Whether what stands before tells what a draft without a quote of its own does: its quotes, at the same words. A
    note of the centre may have told what no sheet does; a list only marks the sentences that it does not show.
    """
    if draft.abstained:
        return any(part.draft.notes for part in parts)
    shown = read_plain(before)
    quoted = bool(draft.citations) and all(each.quote in shown for each in draft.citations)
    if quoted and parts[0].draft.kind == "extreme":  # "the cheapest, and how much was it?": its figure is told by then
        return True
    if is_pointed(draft.kind) and not all(word in before for word in draft.text.split("**")[1::2]):
        return False
    return quoted


def _read_rest(draft: Draft) -> list[str]:
    """What follows the word that nothing answers: what comes near, and what to do then."""
    return draft.text.split("\n\n")[1:]


def _keep_word(draft: Draft) -> Draft:
    """A draft that answers; of another, the word that nothing does."""
    if not draft.abstained:
        return draft
    return draft.model_copy(update={"text": draft.text.split("\n\n")[0], "citations": ()})


def renumber(draft: Draft, citations: Citations) -> str:
    """The text of a draft, its marks pointing at these citations."""
    numbers = {str(each.n): citations.add(each) for each in draft.citations}
    return MARK.sub(lambda found: f"[{numbers[found[1]]}]" if found[1] in numbers else found[0], draft.text)


def head(question: str, language: str) -> str:
    """A question as a heading: without what ties it to the one before, its mark as the language has it."""
    said = read_follow_up(read_text(question)).text.strip(_MARKS)
    mark = "?" if language == "en" else "\u00a0?"
    return f"{escape(said[:1].upper() + said[1:])}{mark}"
