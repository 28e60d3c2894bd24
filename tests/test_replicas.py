"""Two servers over one data directory behind HAProxy: one dies, the person in the browser goes on with the other."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from conftest import Chat, free_port, run_server
from playwright.sync_api import Browser, expect

from assistant.settings import ROOT

COOKIE = "assistant_server"
FIRST = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"
SECOND = "Quelles communes ont tiré des habitants au sort ?"


class Replicas:
    """The address of the proxy, and the two servers behind it by the names that its cookie bears."""

    def __init__(self, url: str, servers: dict[str, subprocess.Popen[bytes]]) -> None:
        self.url, self.servers = url, servers

    def kill(self, name: str) -> None:
        """End a server at once, as a power cut does."""
        self.servers[name].kill()
        self.servers[name].wait()


@contextmanager
def run_replicas(data_dir: Path, folder: Path, **settings: str) -> Iterator[Replicas]:
    haproxy = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin")
    if not haproxy:
        pytest.skip("haproxy is not installed: `make test` does it where there is apt-get")
    with ExitStack() as stack:
        servers, addresses = {}, {}
        for name in ("one", "two"):
            own = folder / name
            own.mkdir()
            url, servers[name] = stack.enter_context(run_server(data_dir, own, **settings))
            addresses[f"SERVER_{name.upper()}"] = url.removeprefix("http://")
        port = free_port()
        environment = {**os.environ, **addresses, "PROXY_BIND": f"127.0.0.1:{port}"}
        command = [haproxy, "-db", "-f", str(ROOT / "deploy" / "haproxy.cfg")]
        with (folder / "haproxy.log").open("wb") as log:
            proxy = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        stack.callback(proxy.wait)
        stack.callback(proxy.terminate)
        _wait_until_both_serve(f"http://127.0.0.1:{port}")
        yield Replicas(f"http://127.0.0.1:{port}", servers)


def _wait_until_both_serve(url: str) -> None:
    """Until the proxy leads to each of the two when asked to."""
    for _ in range(100):
        seen = set()
        for name in ("one", "two"):
            try:
                answer = httpx.get(f"{url}/readyz", cookies={COOKIE: name}, timeout=5)
            except httpx.HTTPError:
                continue
            if answer.status_code == 200 and COOKIE not in answer.cookies:  # as the cookie says: no other is given
                seen.add(name)
        if len(seen) == 2:
            return
        time.sleep(0.2)
    pytest.fail("the proxy does not lead to both servers")


def _server_of(chat: Chat) -> str:
    """The server that a browser's conversation is with."""
    return next(str(each.get("value")) for each in chat.page.context.cookies() if each.get("name") == COOKIE)


def _chat(browser: Browser, replicas: Replicas) -> Chat:
    return Chat(browser.new_context(locale="fr-FR").new_page(), replicas.url)


def test_a_conversation_stays_with_its_server_and_goes_on_with_the_other_when_it_dies(
    own_data_dir: Path, tmp_path: Path, browser: Browser
) -> None:
    with run_replicas(own_data_dir, tmp_path) as replicas:
        chat = _chat(browser, replicas).open()
        expect(chat.ask("un budget participatif dans le Gers")).to_contain_text("[1]")
        before = _server_of(chat)
        expect(chat.ask(SECOND)).to_contain_text("[1]")
        expect(chat.ask("un budget participatif dans le Gers")).to_contain_text("[1]")
        assert _server_of(chat) == before
        replicas.kill(before)
        expect(chat.page.get_by_role("status").filter(has_text="la conversation continue")).to_be_visible()
        answer = chat.ask("le premier, combien de votants en 2019 ?")  # understood with what the first server was told
        expect(answer).to_contain_text("47 000")
        assert _server_of(chat) != before
        expect(chat.answers).to_have_count(4)  # what was said before is still there
        answer.locator('a[href="#citation-1"]').first.click()
        expect(chat.page.locator(".sheet-card")).to_be_visible()
        chat.page.context.close()
        assert chat.errors == []
        start = time.monotonic()
        for _ in range(20):  # those who come now, and those whose cookie names the dead one
            assert httpx.get(f"{replicas.url}/fiches", timeout=10).status_code == 200
            assert httpx.get(f"{replicas.url}/readyz", cookies={COOKIE: before}, timeout=10).status_code == 200
        assert time.monotonic() - start < 20


def test_only_the_sentence_being_written_is_lost_with_its_server(
    own_data_dir: Path, tmp_path: Path, browser: Browser, llama_server: str
) -> None:
    slow = {"ASSISTANT_LLM": "openai:smollm2", "ASSISTANT_LLM_BASE_URL": llama_server, "ASSISTANT_LLM_CONTEXT": "2048"}
    slow["ASSISTANT_LLM_TIMEOUT"] = "6"  # the second answer comes from the sheets' own words when this machine is busy
    with run_replicas(own_data_dir, tmp_path, **slow) as replicas:
        chat = _chat(browser, replicas).open()
        chat.page.locator("#chat-input").fill(FIRST)
        expect(chat.page.locator("#chat-submit")).to_be_enabled()
        chat.page.locator("#chat-submit").click()
        expect(chat.page.locator("#stop-button")).to_be_visible(timeout=10_000)
        replicas.kill(_server_of(chat))
        expect(chat.page.locator("#stop-button")).to_have_count(0)  # given back: they may ask again
        expect(chat.page.locator("[data-step-type=user_message]")).to_contain_text(FIRST)
        answers = chat.answers.count()
        chat.page.locator("#chat-input").fill(FIRST)
        expect(chat.page.locator("#chat-submit")).to_be_enabled()
        chat.page.locator("#chat-submit").click()
        expect(chat.answers.nth(answers).locator('a[href="#citation-1"]').first).to_be_visible(timeout=120_000)
        chat.page.context.close()


@pytest.fixture(scope="module")
def pair(own_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Replicas, Path]]:
    """Two servers that the last test stops one of, and the folder of their logs."""
    folder = tmp_path_factory.mktemp("pair")
    with run_replicas(own_data_dir, folder) as replicas:
        yield replicas, folder


def test_without_cookies_a_visitors_address_leads_to_the_same_server(pair: tuple[Replicas, Path]) -> None:
    """A framed chat whose browser keeps no cookie of ours."""
    url = pair[0].url
    given = {httpx.get(f"{url}/readyz", timeout=10).cookies[COOKIE] for _ in range(20)}
    assert len(given) == 1
    assert httpx.get(f"{url}/metrics", timeout=10).status_code == 403


def test_a_server_that_is_asked_to_stop_loses_no_request_of_the_proxy(pair: tuple[Replicas, Path]) -> None:
    replicas, folder = pair
    with httpx.Client(base_url=replicas.url, timeout=30) as client:
        name = client.get("/readyz").cookies[COOKIE]
        statuses, stopped = [], False
        start = time.monotonic()
        while time.monotonic() - start < 8:
            if not stopped and time.monotonic() - start > 2:
                replicas.servers[name].terminate()
                stopped = True
            statuses.append(client.get("/api/search", params={"query": SECOND}).status_code)
        assert set(statuses) == {200}
        assert replicas.servers[name].wait(20) == 0
        assert re.search(rf"(?i)server assistants/{name} is DOWN", (folder / "haproxy.log").read_text())
