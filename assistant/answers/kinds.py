"""Kinds: which kind of answer a question is given without a language model; the first that the sheets allow."""

from __future__ import annotations

from assistant.answers.clarification import draft_clarification
from assistant.answers.compared import Compared, find_compared
from assistant.answers.comparison import draft_comparison
from assistant.answers.draft import Draft
from assistant.answers.extractive import draft_answer, draft_centre, draft_small_talk
from assistant.answers.fact import read_asked
from assistant.answers.form import Form, read_form
from assistant.answers.listing import draft_listing
from assistant.answers.method import draft_method, keep_demarche
from assistant.answers.nothing import draft_nothing
from assistant.answers.one_sheet import draft_sheet, find_told
from assistant.answers.unmet import keep_fitting, tell_unmet
from assistant.dialogue.conversation import Standalone
from assistant.question import is_small_talk, is_surely_about_centre
from assistant.scope.abstention import Abstention, find_abstention
from assistant.scope.declined import read_declined
from assistant.search import Knowledge
from assistant.wording import COMPARISON_ALONE, escape
from index.filters import Filters
from index.opened import Index
from index.ranking.retrieval import Hit


def draft_kind(sought: Standalone, hits: list[Hit], knowledge: Knowledge, filters: Filters | None) -> Draft:
    """The answer in the sheets' own words. What was surely shown before is about the question, whatever its words."""
    question = sought.asked
    if is_small_talk(question):
        return draft_small_talk(question)
    if declined := read_declined(question):
        return draft_nothing(Abstention(reason=declined), [], knowledge.index, knowledge.contact)
    if sought.unclear:
        return draft_clarification(sought.shown, knowledge.index)
    form = read_form(sought.understood.mended or question)
    compared = find_compared(sought, hits, knowledge, filters) if form.comparison else Compared()
    return _draft_sure(sought, form, compared, hits, knowledge, filters) or _draft_found(
        sought, form, compared, hits, knowledge
    )


def _draft_sure(
    sought: Standalone, form: Form, compared: Compared, hits: list[Hit], knowledge: Knowledge, filters: Filters | None
) -> Draft | None:
    """What needs no judging of the hits: practices that are named or were shown, and what the catalogue says."""
    index = knowledge.index
    if is_surely_about_centre(sought.question):
        return None
    if compared.named and len(compared.sheets) > 1:
        return _draft_comparison(compared, index)
    if compared.missing and (alone := [hit for hit in hits if hit.sheet.id in compared.sheets]):
        return draft_sheet(alone[0], index, COMPARISON_ALONE.format(names=escape(", ".join(compared.missing))))
    if not sought.only and (listing := _draft_listing(sought, form, knowledge, filters)):
        return listing
    told = None if form.comparison else find_told(form, hits, index, pointed=sought.single)
    return draft_sheet(told, index) if told else None


def _draft_listing(sought: Standalone, form: Form, knowledge: Knowledge, filters: Filters | None) -> Draft | None:
    listed = sought.asked
    if sought.context and form.counted is None and form.listed is None:  # "et en Bretagne ?" after "combien de… ?"
        listed = sought.context
    return draft_listing(listed, read_form(listed), sought.understood, knowledge.index, filters, knowledge.contact)


def _draft_found(sought: Standalone, form: Form, compared: Compared, hits: list[Hit], knowledge: Knowledge) -> Draft:
    """What the hits answer, or that they do not."""
    question, index, contact = sought.asked, knowledge.index, knowledge.contact
    if hits and hits[0].sheet.kind == "page":
        return draft_centre(question, hits[0])
    if is_surely_about_centre(question):  # "à qui écrire à Kingersheim ?": no practice tells how it is reached
        return draft_nothing(Abstention(reason="detail"), hits, index, contact)
    if abstention := find_abstention(sought, hits, index, knowledge.encoder):
        return draft_nothing(abstention, hits, index, contact)
    if len(compared.sheets) > 1:
        return _draft_comparison(compared, index)
    draft = _draft_told(sought, form, keep_fitting(hits), knowledge)
    unmet = (
        "" if sought.only else tell_unmet(sought.understood, [citation.sheet for citation in draft.citations], index)
    )
    return draft.model_copy(update={"text": f"{unmet}\n\n{draft.text}"}) if unmet else draft


def _draft_told(sought: Standalone, form: Form, hits: list[Hit], knowledge: Knowledge) -> Draft:
    """A method when it is asked for and its steps are told, a fact or examples else."""
    question, index = sought.asked, knowledge.index
    if form.method and not sought.only and not read_asked(question):
        own = keep_demarche(hits, sought.understood.mended or question, sought.understood, index)
        if method := draft_method(own, index):
            return method
    return draft_answer(question, hits, index, knowledge.contact, sought.understood)


def _draft_comparison(compared: Compared, index: Index) -> Draft:
    sheets = [sheet for sheet in map(index.find_sheet, compared.sheets) if sheet]
    return draft_comparison(sheets, compared.missing, index)
