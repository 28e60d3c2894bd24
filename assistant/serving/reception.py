"""Reception: where questions come in, from chat and HTTP: each takes a slot, is answered, counted and kept."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from assistant.answers.answer import Answer, Delta
from assistant.learning.log import QuestionLog
from assistant.observing.channel import Channel
from assistant.observing.observer import Observer
from assistant.pipeline import Knowledge, stream_answer
from assistant.process.computing import asker
from assistant.reading.message import LONGEST_READING
from assistant.reading.reading import Turn
from assistant.serving.slots import Slots
from index.filters import Filters
from ingest.refusal import Refusal

BUSY = "Beaucoup de personnes posent des questions en ce moment. Réessayez dans quelques secondes."


class TooBusy(Refusal):
    """More people wait for an answer than can be answered soon; the message says so, in French."""


@dataclass(frozen=True)
class Enquiry:
    """A question with what it is read with: see `stream_answer`."""

    question: str
    filters: Filters | None = None
    history: tuple[Turn, ...] = ()
    ignored: Filters | None = None


@dataclass(frozen=True)
class Told:
    """An answer, and the key by which whoever got it may judge it; "" when its question is not kept."""

    answer: Answer
    key: str


class Reception:
    """Answers so many questions at once, each noted by the observer and kept in the log; others are asked to come back.

    Answers are computed one after the other: without a limit everyone would wait longer and longer, and nobody would
    be answered in time. Nobody has more than half the slots. Those of a language model, which is slow, are a quarter
    of them: when they are taken, the sheets' own sentences answer.
    """

    def __init__(self, observer: Observer, log: QuestionLog, slots: int) -> None:
        self._observer, self._log = observer, log
        self._slots, self._of_model = Slots(slots, -(-slots // 2)), Slots(-(-slots // 4), slots // 8)

    async def stream(self, enquiry: Enquiry, knowledge: Knowledge, channel: Channel) -> AsyncIterator[Delta | Told]:
        """Pieces of text as they come, then what is told; or raise TooBusy."""
        with self.slot(), self._within_model(knowledge) as available:
            events = stream_answer(
                enquiry.question, available, enquiry.filters, enquiry.history, enquiry.ignored, LONGEST_READING
            )
            async for event in self._observer.follow(events, channel, knowledge.index.access):
                if isinstance(event, Answer):
                    yield Told(event, self._log.keep(enquiry.question, event, channel, knowledge.index.access))
                else:
                    yield event

    async def answer(self, enquiry: Enquiry, knowledge: Knowledge, channel: Channel) -> Told:
        """The same, whole."""
        async for event in self.stream(enquiry, knowledge, channel):
            if isinstance(event, Told):
                return event
        raise AssertionError("a stream of an answer ends with the answer")

    @contextmanager
    def slot(self) -> Iterator[None]:
        """A slot for whoever asks, as long as this lasts; or raise TooBusy."""
        with self._slots.take(asker.get().key) as taken:
            if not taken:
                self._observer.metrics.refused.inc()
                raise TooBusy(BUSY)
            yield

    @contextmanager
    def _within_model(self, knowledge: Knowledge) -> Iterator[Knowledge]:
        """What to answer from: without the language model when all its slots are taken."""
        if knowledge.model is None:
            yield knowledge
            return
        with self._of_model.take(asker.get().key) as taken:
            yield knowledge if taken else replace(knowledge, model=None)
