"""Traces of answers for OpenTelemetry, when a collector is configured: the steps and their times, no words."""

import time
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from assistant.answers.answer import Answer

_SECOND = 1_000_000_000  # nanoseconds


class Traces:
    """Sends the steps of answers to a collector. Made only when there is one: nothing leaves otherwise."""

    def __init__(self, collector: str) -> None:
        resource = Resource({"service.name": "assistant", "service.version": version("assistant-participation")})
        self._provider = TracerProvider(resource=resource)
        exporter = OTLPSpanExporter(f"{collector.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("assistant")

    def note_answer(self, answer: Answer, channel: str, about: str) -> None:
        """An answer that ends now, with its steps one after the other; `about` is the request's id."""
        steps = {step: round(seconds * _SECOND) for step, seconds in answer.seconds.items() if step != "total"}
        at = time.time_ns() - sum(steps.values())
        told: dict[str, str | bool] = {"channel": channel, "kind": answer.kind, "mode": answer.mode}
        told |= {"abstained": answer.abstained, "request": about}
        whole = self._tracer.start_span("answer", start_time=at, attributes=told)
        inside = trace.set_span_in_context(whole)
        for step, length in steps.items():
            self._tracer.start_span(step, context=inside, start_time=at).end(at + length)
            at += length
        whole.end(at)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
