"""Desk: makes a link of an answer that was given, for everyone or for members, with what these may read alone."""

from dataclasses import replace

from assistant.answers.answer import Answer
from assistant.learning.masking import mask_personal
from assistant.members.readers import Reader, Readers
from assistant.pipeline import Knowledge, stream_answer
from assistant.reading.message import LONGEST_READING
from assistant.serving.reception import Enquiry, Reception
from assistant.sharing.frozen import freeze
from assistant.sharing.links import SharedLink, SharedLinks
from index.opened import Index
from ingest.refusal import Refusal
from ingest.repair import tidy
from ingest.sheet import Access, Frozen
from language.letters import fold

_NOT_PUBLIC = "La question nomme une fiche réservée aux adhérents : faites un lien pour adhérents."
_NOTHING = "Les fiches ouvertes à tous ne répondent pas à cette question : faites un lien pour adhérents."
_MEMBERS_ONLY = "Seul un adhérent connecté peut faire un lien pour adhérents."
_OFF = "Les liens ne sont pas proposés sur ce site."


class LinkRefused(Refusal):
    """No link is made; the message says why, in French."""


class Given(Frozen):
    """An answer that was given, to whom, and the question as it was asked."""

    answer: Answer
    access: Access


class SharingDesk:
    """Takes what someone wants to share. Computes where what was said to them is not for all who may open the link."""

    def __init__(self, links: SharedLinks, readers: Readers, reception: Reception) -> None:
        self.links, self._readers, self._reception = links, readers, reception

    async def share(self, enquiry: Enquiry, given: Given, access: Access, reader: Reader) -> tuple[SharedLink, str]:
        """A link and the key that removes it; or raise LinkRefused, or TooBusy.

        What a member was told is asked anew as a visitor for a link that all may open, and so is a question that has
        to be masked: what it says of persons may be in the answer.
        """
        if not self.links.may_be_made:
            raise LinkRefused(_OFF)
        if access == "members" and reader.member is None:
            raise LinkRefused(_MEMBERS_ONLY)
        knowledge = reader.knowledge if access == "members" else self._readers.for_visitor().knowledge
        if access == "public" and _names_hidden(enquiry.question, reader.knowledge.index, knowledge.index):
            raise LinkRefused(_NOT_PUBLIC)
        question = mask_personal(enquiry.question)
        told = given.answer
        if given.access != access or question != " ".join(tidy(enquiry.question).split()):
            told = await self._ask(question, enquiry, knowledge)
            if told.abstained or not told.citations:
                raise LinkRefused(_NOTHING)
        return self.links.make(question, freeze(told, question, knowledge.index), access)

    async def _ask(self, question: str, enquiry: Enquiry, knowledge: Knowledge) -> Answer:
        asked = question, replace(knowledge, model=None), enquiry.filters, enquiry.history, enquiry.ignored
        with self._reception.slot():
            async for event in stream_answer(*asked, LONGEST_READING):
                if isinstance(event, Answer):
                    return event
        raise AssertionError("a stream of an answer ends with the answer")


def _names_hidden(question: str, known: Index, public: Index) -> bool:
    """Whether a question has the title of a sheet that this reader knows of, and everyone does not."""
    asked = fold(question)
    hidden = (sheet for sheet in known.sheets if public.find_sheet(sheet.id) is None)
    return known is not public and any(fold(sheet.title) in asked for sheet in hidden)
