"""Observer: what is noted of each answer, wherever it was asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer, Delta
from assistant.observing.channel import Channel
from assistant.observing.logs import request_id
from assistant.observing.metrics import Metrics
from ingest.sheet import Access

if TYPE_CHECKING:
    from assistant.observing.traces import Traces


class Observer:
    """Counts answers, and traces them when a collector is configured."""

    def __init__(self, metrics: Metrics, traces: Traces | None = None) -> None:
        self.metrics, self._traces = metrics, traces

    def note(self, answer: Answer, channel: Channel, access: Access) -> None:
        """An answer was given."""
        self.metrics.count_answer(answer, channel, access)
        if self._traces:
            self._traces.note_answer(answer, channel, request_id.get())

    async def follow(
        self, events: AsyncIterator[Delta | Answer], channel: Channel, access: Access
    ) -> AsyncIterator[Delta | Answer]:
        """The events of an answer as they come; the answer, or its failure, is noted."""
        try:
            async for event in events:
                if isinstance(event, Answer):
                    self.note(event, channel, access)
                yield event
        except Exception:
            self.metrics.failures.labels(channel).inc()
            raise

    def close(self) -> None:
        """Send what was not sent yet."""
        if self._traces:
            self._traces.close()
