"""Export: a conversation as a file to take away, with the sources of each answer and what they are worth."""

from assistant.exports.export import MEDIA_TYPES, Letterhead, TakenAway, unlink_notes
from assistant.exports.sources import list_sources
from assistant.french.dates import format_date
from assistant.history.conversations import Conversation
from assistant.wording import NOTE_AUTOMATIC, NOTE_CENTRE, NOTE_DATED, NOTE_MEMBERS, NOTE_WRITTEN, escape
from index.opened import Index


def export_conversation(conversation: Conversation, index: Index, head: Letterhead) -> TakenAway:
    """The Markdown of a conversation."""
    answers = [each.answer for each in conversation.exchanges]
    limits = [NOTE_DATED]
    if any(answer.mode == "extractive" for answer in answers):
        limits.insert(0, NOTE_AUTOMATIC)
    if any(answer.mode == "llm" for answer in answers):
        limits.insert(0, NOTE_WRITTEN)
    if any(answer.notes for answer in answers):
        limits.insert(-1, NOTE_CENTRE)
    if any(citation.access == "members" for answer in answers for citation in answer.citations):
        limits.insert(0, NOTE_MEMBERS)
    dated = f"*{escape(head.centre)}, conversation du {format_date(conversation.started)}.*"
    parts = [f"# {escape(conversation.title)}", dated]
    for each in conversation.exchanges:
        parts += [f"## {escape(each.question)}", unlink_notes(each.answer.answer)]
        if each.answer.citations:
            lines = list_sources(each.answer.citations, each.answer.answer, index, head.site)
            parts += ["**Sources**", "\n".join(f"- {line}" for line in lines)]
    parts += ["## Limites", "\n".join(f"- {limit}" for limit in limits)]
    name = f"conversation-{conversation.started.date().isoformat()}.md"
    return TakenAway(name, MEDIA_TYPES["markdown"], ("\n\n".join(parts) + "\n").encode())
