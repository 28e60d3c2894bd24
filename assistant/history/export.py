"""Export: a conversation as a file to take away, with the sources of each answer and what they are worth."""

from assistant.exports.export import MEDIA_TYPES, Letterhead, TakenAway, unlink_notes
from assistant.exports.sources import find_sources, list_sources
from assistant.exports.written import list_limits
from assistant.french.dates import format_date
from assistant.history.conversations import Conversation
from assistant.wording import escape
from index.opened import Index


def export_conversation(conversation: Conversation, index: Index, head: Letterhead) -> TakenAway:
    """The Markdown of a conversation."""
    answers = [each.answer for each in conversation.exchanges]
    dated = f"*{escape(head.centre)}, conversation du {format_date(conversation.started)}.*"
    parts = [f"# {escape(conversation.title)}", dated]
    for each in conversation.exchanges:
        parts += [f"## {escape(each.question)}", unlink_notes(each.answer.answer)]
        if each.answer.citations:
            sources = find_sources(each.answer.citations, each.answer.answer, index)
            lines = list_sources(sources, index, head.site)
            parts += ["**Sources**", "\n".join(f"- {line}" for line in lines)]
    parts += ["## Limites", "\n".join(f"- {limit}" for limit in list_limits(answers))]
    name = f"conversation-{conversation.started.date().isoformat()}.md"
    return TakenAway(name, MEDIA_TYPES["markdown"], ("\n\n".join(parts) + "\n").encode())
