"""Talk: what a conversation of the chat remembers, from one question to the next."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers.answer import Answer
from assistant.reading.reading import Turn
from index.filters import FILTER_KEYS, FilterKey, Filters

_NONE = Filters()
_TOLD = 20  # turns that a question is understood with
_KEPT = 200  # turns that can be asked again
_MESSAGES = 1000  # that can be edited


@dataclass(frozen=True)
class PastTurn:
    """A turn, the message that asked it, and what it was narrowed to by hand."""

    turn: Turn
    message: str
    narrowed: Filters = _NONE


_FORGOTTEN = PastTurn(Turn(query=""), "")


@dataclass(frozen=True)
class Talk:
    """The turns so far, oldest first, and all the messages, answered or not.

    The question about to be answered is that of `message`; it leaves out the filters `ignored` and keeps to those of
    `narrowed`, when someone removed or chose some under an answer; `question` is then what is asked again.
    """

    past: tuple[PastTurn, ...] = ()
    messages: tuple[str, ...] = ()
    message: str = ""
    question: str = ""
    ignored: Filters = _NONE
    narrowed: Filters = _NONE

    @classmethod
    def resume(cls, turns: tuple[Turn, ...]) -> Talk:
        """A talk that goes on after turns whose messages are not known any more."""
        return cls(tuple(PastTurn(turn, "") for turn in turns))

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The turns so far, oldest first."""
        return tuple(each.turn for each in self.past)

    @property
    def history(self) -> tuple[Turn, ...]:
        """The last turns, which a question is understood with."""
        return self.turns[-_TOLD:]

    def strict(self, chosen: Filters) -> Filters | None:
        """The filters that the sheets must meet: those of the conversation, and those of this question; or None."""
        both = chosen.model_copy(update={key: getattr(self.narrowed, key) for key in self.narrowed.stated})
        return both if both.stated else None

    def ask(self, message: str) -> Talk:
        """The talk as it was when a message was first sent; a new one comes after all others.

        A message that is edited makes the conversation forget what came after it.
        """
        before = self.messages[: self.messages.index(message)] if message in self.messages else self.messages
        after = set(self.messages[len(before) :])
        kept = tuple(each for each in self.past if each.message not in after)
        return Talk(kept, (*before, message)[-_MESSAGES:], message)

    def after(self, question: str, answer: Answer) -> Talk:
        """The talk once a question was answered."""
        turn = PastTurn(answer.as_turn(question, self.ignored), self.message, self.narrowed)
        # The place of a turn is its number, which the page knows: what is forgotten keeps its place.
        forgotten = (_FORGOTTEN,) * max(0, len(self.past) - _KEPT)
        return Talk((*forgotten, *self.past[len(forgotten) :], turn), self.messages)

    def again(self, turn: object) -> Talk | None:
        """The talk before a turn, to ask it again; None when there is no such turn."""
        again = self._find(turn)
        return self._again(again, again.turn.ignored, again.narrowed) if again else None

    def without(self, turn: object, key: object, value: object) -> Talk | None:
        """The talk before a turn, to ask it again without one filter; None when there is no such turn or key."""
        again = self._find(turn)
        if again is None or key not in FILTER_KEYS:
            return None
        if value in again.narrowed.values(key):
            return self._again(again, again.turn.ignored, again.narrowed.without(key, str(value)))
        removed = value if key == "source" else (*again.turn.ignored.values(key), value)
        ignored = _change(again.turn.ignored, key, removed)
        return self._again(again, ignored, again.narrowed) if ignored else None

    def only(self, turn: object, key: object, value: object) -> Talk | None:
        """The talk before a turn, to ask it again with one filter more; None when there is no such turn or key."""
        again = self._find(turn)
        if again is None or key not in FILTER_KEYS:
            return None
        narrowed = _change(again.narrowed, key, value if key == "source" else (value,))
        return self._again(again, again.turn.ignored, narrowed) if narrowed else None

    def _find(self, turn: object) -> PastTurn | None:
        found = self.past[turn] if isinstance(turn, int) and 0 <= turn < len(self.past) else None
        return None if found is _FORGOTTEN else found

    def _again(self, again: PastTurn, ignored: Filters, narrowed: Filters) -> Talk:
        before = self.past[: self.past.index(again)]
        return Talk(before, self.messages, again.message, again.turn.query, ignored, narrowed)


def _change(filters: Filters, key: FilterKey, value: object) -> Filters | None:
    """The filters with other values of a key; None when they are no values of it."""
    try:
        return Filters.model_validate({**filters.model_dump(), key: value})
    except ValueError:
        return None
