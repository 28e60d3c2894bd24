import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from conftest import Postgres, start_server
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from assistant.settings import ROOT
from assistant.web.health import _may_read

FIGURE = re.compile(r"\b(?:assistant|process)_\w+")
QUESTION = "Comment Bailleul a-t-elle associé ses habitants zébrés ?"


@pytest.fixture(scope="module")
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """A collector of traces that keeps what it is sent."""
    received: list[ExportTraceServiceRequest] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()


@pytest.fixture(scope="module")
def watched(
    own_data_dir: Path, tmp_path_factory: pytest.TempPathFactory, collector: tuple[str, list[object]]
) -> Iterator[tuple[str, Path]]:
    """A server that logs in JSON and traces, and its log."""
    folder = tmp_path_factory.mktemp("watched")
    options = {"ASSISTANT_LOG_FORM": "json", "ASSISTANT_OTLP_ENDPOINT": collector[0], "OTEL_BSP_SCHEDULE_DELAY": "200"}
    for url in start_server(own_data_dir, folder, **options):
        yield url, folder / "server.log"


def read_figures(url: str) -> dict[str, float]:
    text = httpx.get(f"{url}/metrics").text
    return {
        f"{sample.name}{json.dumps(sample.labels, sort_keys=True)}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_answers_requests_and_the_index_in_service_are_counted(watched: tuple[str, Path]) -> None:
    url, _ = watched
    before = read_figures(url)
    given = httpx.post(f"{url}/api/ask", json={"query": "budget participatif"}).json()
    after = read_figures(url)
    grown = {name for name, value in after.items() if value > before.get(name, 0)}
    answered = {"access": "public", "channel": "api", "kind": given["kind"], "mode": "extractive", "reason": ""}
    assert f"assistant_answers_total{json.dumps(answered, sort_keys=True)}" in grown
    asked = {"method": "POST", "route": "/api/ask", "status": "200"}
    assert f"assistant_requests_total{json.dumps(asked, sort_keys=True)}" in grown
    assert 'assistant_answer_step_seconds_count{"step": "search"}' in grown
    version = httpx.get(f"{url}/readyz").json()["version"]
    assert [value for name, value in after.items() if name.startswith("assistant_index{") and version in name] == [1]
    assert after["assistant_index_sheets{}"] == 35
    assert after["assistant_index_age_seconds{}"] > 0


def test_addresses_that_people_make_up_add_no_figure(watched: tuple[str, Path]) -> None:
    url, _ = watched
    for made_up in ("/fiches/xx-1", "/fiches/xx-2", "/nulle-part-1", "/nulle-part-2"):
        httpx.get(url + made_up)
    routes = {route for name in read_figures(url) for route in re.findall(r'"route": "([^"]*)"', name)}
    assert "/fiches/{sheet_id:path}" in routes
    assert not [route for route in routes if "xx" in route or "nulle" in route]


def test_each_answer_bears_the_id_of_its_request_and_the_log_too(watched: tuple[str, Path]) -> None:
    url, log = watched
    named = httpx.post(f"{url}/api/ask", json={"query": QUESTION}, headers={"X-Request-Id": "visite-0001"})
    assert named.headers["X-Request-Id"] == "visite-0001"
    given = httpx.get(f"{url}/fiches/1", headers={"X-Request-Id": "<script>"}).headers["X-Request-Id"]
    assert re.fullmatch("[0-9a-f]{16}", given)
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    of_request = next(line for line in lines if line.get("request") == "visite-0001")
    assert of_request["route"] == "/api/ask"
    assert of_request["status"] == 200
    assert of_request["seconds"] > 0


def test_the_log_says_nothing_of_what_was_asked_nor_who_asked(watched: tuple[str, Path]) -> None:
    url, log = watched
    httpx.post(f"{url}/api/ask", json={"query": QUESTION})
    httpx.get(f"{url}/api/search", params={"query": QUESTION})
    httpx.get(f"{url}/fiches", params={"q": "zébrés"})
    text = log.read_text()
    assert "zébr" not in text
    assert "z%C3" not in text
    assert "127.0.0.1" not in text.split("Prêt", 1)[1].split("\n", 1)[1]


def test_the_steps_of_an_answer_reach_the_collector_without_its_words(
    watched: tuple[str, Path], collector: tuple[str, list[ExportTraceServiceRequest]]
) -> None:
    url, received = watched[0], collector[1]
    httpx.post(f"{url}/api/ask", json={"query": QUESTION}, headers={"X-Request-Id": "visite-0002"})
    for _ in range(50):
        spans = [
            span
            for each in received
            for part in each.resource_spans
            for scope in part.scope_spans
            for span in scope.spans
        ]
        answers = [span for span in spans if "visite-0002" in str(span.attributes)]
        if answers:
            break
        threading.Event().wait(0.1)
    (whole,) = answers
    steps = {span.name: span for span in spans if span.parent_span_id == whole.span_id}
    assert {"understanding", "search", "extractive"} <= steps.keys()
    assert all(whole.start_time_unix_nano <= span.start_time_unix_nano for span in steps.values())
    assert "zébr" not in str(received)


def test_figures_are_for_the_private_network_or_whoever_has_the_token() -> None:
    def ask(host: str, **headers: str) -> SimpleNamespace:
        return SimpleNamespace(client=SimpleNamespace(host=host), headers=headers)

    assert _may_read(ask("127.0.0.1"), "")
    assert _may_read(ask("10.1.2.3"), "")
    assert not _may_read(ask("8.8.8.8"), "")
    assert not _may_read(ask("nobody"), "")
    assert not _may_read(ask("127.0.0.1"), "jeton")
    assert _may_read(ask("8.8.8.8", authorization="Bearer jeton"), "jeton")
    assert not _may_read(ask("8.8.8.8", authorization="Bearer jetons"), "jeton")


def test_a_server_whose_database_is_gone_says_so_and_answers_visitors(
    own_data_dir: Path, tmp_path: Path, postgres: Postgres
) -> None:
    address = postgres("gone")
    for url in start_server(own_data_dir, tmp_path, ASSISTANT_DATABASE_URL=address):
        assert httpx.get(f"{url}/readyz").json()["status"] == "ready"
        postgres.rename("gone", "elsewhere")
        told = httpx.get(f"{url}/readyz", timeout=30)
        assert told.status_code == 200
        assert told.json()["status"] == "degraded"
        assert "base de données" in told.json()["problems"][0]
        unsaved = httpx.post(f"{url}/api/feedback", json={"answer": "x", "value": 1}, timeout=30)
        assert (unsaved.status_code, unsaved.headers["content-type"]) == (503, "application/problem+json")
        assert httpx.post(f"{url}/api/ask", json={"query": "budget participatif"}).json()["citations"]
        postgres.rename("elsewhere", "gone")
        assert httpx.get(f"{url}/readyz", timeout=30).json()["status"] == "ready"


def test_the_dashboard_draws_figures_that_the_server_gives(watched: tuple[str, Path]) -> None:
    httpx.post(f"{watched[0]}/api/ask", json={"query": "budget participatif"})
    given = {name.partition("{")[0] for name in read_figures(watched[0])}
    dashboard = json.loads((ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8"))
    asked = {
        name for panel in dashboard["panels"] for target in panel["targets"] for name in FIGURE.findall(target["expr"])
    }
    assert asked
    assert asked - given <= {"assistant_answer_failures_total"}  # none until an answer fails
