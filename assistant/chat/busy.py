"""Busy: how many answers the chat is writing now."""


def count_answers() -> int:
    """The conversations whose last question is still being answered; 0 before the chat is mounted."""
    from chainlit.session import ws_sessions_id  # noqa: PLC0415 - importing Chainlit writes files

    tasks = (session.current_task for session in ws_sessions_id.values())
    return sum(task is not None and not task.done() for task in tasks)
