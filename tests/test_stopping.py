"""A server that is asked to stop (SIGTERM): what was begun ends well."""

import shutil
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from conftest import SHEETS, Chat, make_data_dir, run_server, wait_until
from playwright.sync_api import Browser, expect

from assistant.reindexing.runs import RunJournal

QUESTION = "Comment associer les jeunes à un budget participatif ?"
TOKEN = "a-token-of-the-tests"


@pytest.fixture
def slow(llama_server: str) -> dict[str, str]:
    """Settings by which an answer takes seconds: a real language model writes it, or is given up after some."""
    settings = {"ASSISTANT_LLM": "openai:smollm2", "ASSISTANT_LLM_BASE_URL": llama_server}
    return {**settings, "ASSISTANT_LLM_CONTEXT": "2048", "ASSISTANT_LLM_TIMEOUT": "6"}


def test_answers_being_written_end_before_the_server_does(
    own_data_dir: Path, tmp_path: Path, slow: dict[str, str], browser: Browser
) -> None:
    with run_server(own_data_dir, tmp_path, **slow) as (url, process):
        streamed: list[str] = []

        def ask() -> None:
            headers = {"Accept": "text/event-stream"}
            with httpx.stream("POST", f"{url}/api/ask", json={"query": QUESTION}, headers=headers, timeout=60) as sent:
                streamed.extend(sent.iter_lines())

        chat = Chat(browser.new_context(locale="fr-FR").new_page(), url).open()
        expect(chat.page.locator("#chat-submit")).to_be_visible()
        chat.page.locator("#chat-input").fill(QUESTION)
        expect(chat.page.locator("#chat-submit")).to_be_enabled()
        chat.page.locator("#chat-submit").click()
        expect(chat.page.locator("#stop-button")).to_be_visible(timeout=10_000)
        asking = threading.Thread(target=ask)  # once the page has asked: the model at work leaves it little processor
        asking.start()
        wait_until(lambda: _open_requests(url) > 1, "the question did not come in")  # this look is the other one
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: _refuses(url), "newcomers are still let in")
        assert process.poll() is None, "the server did not wait for its answers"
        answer = chat.page.locator("[data-step-type=assistant_message]").last
        expect(answer.locator('a[href="#citation-1"]').first).to_be_visible(timeout=40_000)
        asking.join(40)
        assert "event: end" in streamed
        assert process.wait(40) == 0
    assert "Arrêté." in (tmp_path / "server.log").read_text()
    assert "Traceback" not in (tmp_path / "server.log").read_text()


def test_a_server_without_work_stops_at_once_with_open_pages(
    own_data_dir: Path, tmp_path: Path, browser: Browser
) -> None:
    with run_server(own_data_dir, tmp_path) as (url, process):
        Chat(browser.new_context(locale="fr-FR").new_page(), url).open()
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - start < 10


def test_a_reindexing_at_work_is_interrupted_with_the_server_and_leaves_nothing_behind(
    tmp_path: Path, own_data_dir: Path
) -> None:
    data_dir = make_data_dir(tmp_path)
    shutil.copytree(own_data_dir / "index", data_dir / "index")
    settings = {"ASSISTANT_SOURCE": str(SHEETS), "ASSISTANT_ADMIN_TOKEN": TOKEN}
    with run_server(data_dir, tmp_path, **settings) as (url, process):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        run = httpx.post(f"{url}/api/admin/reindex", json={"force": True}, headers=headers, timeout=60).json()["run"]
        journal = RunJournal(data_dir)
        wait_until(journal.is_busy, "the reindexing does not start")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert not journal.is_busy()
    found = journal.find_run(run)
    assert found is not None
    assert found.status == "interrupted"
    assert found.ended
    assert not list((data_dir / "index").glob(".*"))


def _open_requests(url: str) -> float:
    figures = httpx.get(f"{url}/metrics", timeout=10).text.splitlines()
    return float(next(line for line in figures if line.startswith("assistant_open_requests ")).split()[1])


def _refuses(url: str) -> bool:
    with suppress(httpx.HTTPError):
        httpx.get(f"{url}/healthz", timeout=1)
        return False
    return True
