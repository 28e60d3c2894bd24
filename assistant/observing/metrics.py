"""Metrics of the server, in Prometheus' format (https://prometheus.io/docs/instrumenting/exposition_formats/).

Labels take few values, known beforehand: routes as they are declared, never addresses as they were asked.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from assistant.answers.answer import Answer
from index.manifest import Manifest

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The figures of one server. Each has its own registry: nothing is shared by being imported."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self.requests = Counter(
            "assistant_requests", "Requests answered", ("method", "route", "status"), registry=registry
        )
        self.request_seconds = Histogram(
            "assistant_request_seconds",
            "Time to the end of the answer",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.open_requests = Gauge("assistant_open_requests", "Requests being answered", registry=registry)
        self.open_sockets = Gauge("assistant_open_websockets", "Websockets of chats", registry=registry)
        self.answers = Counter(
            "assistant_answers", "Answers given", ("channel", "access", "kind", "mode", "reason"), registry=registry
        )
        self.step_seconds = Histogram(
            "assistant_answer_step_seconds",
            "Time of each step of answers",
            ("step",),
            buckets=_SECONDS,
            registry=registry,
        )
        self.refused = Counter("assistant_answers_refused", "Questions refused: too many at once", registry=registry)
        self.failures = Counter(
            "assistant_answer_failures", "Questions that could not be answered", ("channel",), registry=registry
        )

    def count_answer(self, answer: Answer, channel: str, access: str) -> None:
        """Count an answer: its kind, why it abstains if it does, and the time of its steps."""
        self.answers.labels(channel, access, answer.kind, answer.mode, answer.reason).inc()
        for step, seconds in answer.seconds.items():
            self.step_seconds.labels(step).observe(seconds)

    def watch(self, manifest: Callable[[], Manifest], alarms: Callable[[], Mapping[str, bool]]) -> None:
        """Tell which version of the index is in service, since when, and what is wrong, when figures are asked."""
        self.registry.register(_IndexInService(manifest, alarms))


class _IndexInService(Collector):
    def __init__(self, manifest: Callable[[], Manifest], alarms: Callable[[], Mapping[str, bool]]) -> None:
        self._manifest, self._alarms = manifest, alarms

    def collect(self) -> Iterable[Metric]:
        """The index in service now."""
        manifest = self._manifest()
        info = GaugeMetricFamily("assistant_index", "The index in service", labels=("version", "model"))
        info.add_metric((manifest.version, manifest.model), 1)
        yield info
        age = datetime.now(UTC) - datetime.fromisoformat(manifest.created)
        yield GaugeMetricFamily("assistant_index_age_seconds", "Since the index was made", value=age.total_seconds())
        yield GaugeMetricFamily("assistant_index_sheets", "Sheets in the index", value=manifest.practices)
        passages = GaugeMetricFamily("assistant_index_passages", "Passages in the index", labels=("access",))
        for access, count in manifest.passages.items():
            passages.add_metric((access,), count)
        yield passages
        told = GaugeMetricFamily("assistant_alarm", "What staff must look at: 1 while it lasts", labels=("kind",))
        for kind, lasts in self._alarms().items():
            told.add_metric((kind,), lasts)
        yield told
