"""Talk: what a conversation of the chat remembers, from one question to the next."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer import Answer
from assistant.dialogue.conversation import Turn
from index.filters import FILTER_KEYS, Filters

_NONE = Filters()
_TOLD = 20  # turns that a question is understood with


@dataclass(frozen=True)
class Talk:
    """The turns so far, oldest first; `question` and `ignored` are those of a question asked again without a filter."""

    turns: tuple[Turn, ...] = ()
    ignored: Filters = _NONE
    question: str = ""

    @property
    def history(self) -> tuple[Turn, ...]:
        """The last turns, which a question is understood with."""
        return self.turns[-_TOLD:]

    def after(self, question: str, answer: Answer) -> Talk:
        """The talk once a question was answered."""
        return Talk((*self.turns, answer.as_turn(question, self.ignored)))

    def without(self, turn: object, key: object, value: object) -> Talk | None:
        """The talk before a turn, to ask it again without one filter; None when there is no such turn or key."""
        if not isinstance(turn, int) or not 0 <= turn < len(self.turns) or key not in FILTER_KEYS:
            return None
        again = self.turns[turn]
        removed = value if key == "source" else (*again.ignored.values(key), value)
        try:
            ignored = Filters.model_validate({**again.ignored.model_dump(), key: removed})
        except ValueError:
            return None
        return Talk(self.turns[:turn], ignored, again.query)
