"""Note desk: where notes come in to be compared with the sheets; each takes a slot, as a question does, and is kept
nowhere.
"""

from collections.abc import Callable

from assistant.checks.checker import Checker
from assistant.checks.note import NoteTold, count_stating, iterate_note, sum_up
from assistant.checks.note_file import need_short
from assistant.checks.note_verdict import Checked
from assistant.checks.support import Support
from assistant.pipeline import Knowledge
from assistant.process.computing import computing
from assistant.serving.reception import Reception
from index.encoding.encoder import Encoder

LONGEST_SENT = 20_000  # characters: some eight pages
_AS_ONE = 5  # sentences that are compared as one question is answered

Judgement = tuple[Encoder, Support]


class NoteDesk:
    """Compares notes sentence by sentence, so that others are computed for in between."""

    def __init__(self, reception: Reception, open_judgement: Callable[[Encoder], Judgement]) -> None:
        self._reception, self._open = reception, open_judgement
        self._judgement: Judgement | None = None

    async def check(self, text: str, knowledge: Knowledge) -> NoteTold:
        """What the sheets that the reader may see say of a text; or raise TooBusy, or NoteWrong when it is too long."""
        need_short(text, LONGEST_SENT)
        with self._reception.slot():
            if self._judgement is None:
                self._judgement = await computing(self._open, knowledge.encoder)
            # A checker remembers the sentences that it read: one for each note, so that none outlives its answer.
            steps = iterate_note(text, knowledge, Checker(*self._judgement))
            checked: list[Checked] = []
            while told := await computing(next, steps, None):
                checked.append(told)
        return sum_up(text, checked)


def count_questions(text: str) -> int:
    """How many questions a note counts for against a visitor's limit."""
    return 1 + count_stating(text[:LONGEST_SENT]) // _AS_ONE
