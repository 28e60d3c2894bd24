"""The database is held, replaced, taken away or read-only: what people and supervisors are told, who is answered."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from chat_client import ChatClient
from conftest import make_data_dir, start_server, wait_until
from sqlalchemy import Engine, text

from assistant.credentials.signatures import Signatures, read_secret
from assistant.edge.authentication import COOKIE
from assistant.members.accounts import MemberAccounts
from assistant.members.sessions import MemberSessions
from assistant.settings import Settings
from assistant.store.database import open_settings_database
from assistant.store.faults import find_fault

QUESTION = {"query": "budget participatif des jeunes"}
PERSON = {"Accept": "text/html"}
PUBLIC = "https://assistant.exemple.fr"


@dataclass(frozen=True)
class Running:
    """A server, its folder of data, and a member's cookie."""

    url: str
    data: Path
    log: Path
    cookie: dict[str, str]

    def ready(self) -> dict[str, object]:
        answer = httpx.get(f"{self.url}/readyz", timeout=30)
        assert answer.status_code == 200
        return dict(answer.json())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers={**PERSON, **headers}, timeout=60)


@pytest.fixture(scope="module")
def running(own_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("outages")
    (folder / "data").mkdir()
    data = make_data_dir(folder / "data", own_data_dir)
    settings, lasts = Settings(data_dir=data), timedelta(days=1)
    database = open_settings_database(settings)
    key = MemberSessions(database, lasts).open(MemberAccounts(database).add("camille@exemple.fr").id)
    database.dispose()
    sealed = Signatures(read_secret(settings), "member-session", lasts).seal(key)
    for url in start_server(data, folder, ASSISTANT_PUBLIC_URL=PUBLIC):
        yield Running(url, data, folder / "server.log", {"Cookie": f"{COOKIE}={sealed}"})


# --- cookies ---


def test_cookies_are_sent_over_https_only_when_the_public_address_says_so(running: Running) -> None:
    pages = [running.get(path) for path in ("/admin/connexion", "/connexion")]
    session = {"session_id": "00000000-0000-4000-8000-000000000000"}
    pages.append(httpx.post(f"{running.url}/chat/set-session-cookie", json=session))
    for page in pages:
        cookies = page.headers.get_list("set-cookie")
        assert cookies, page.url
        for cookie in cookies:
            written = [part.strip().partition("=")[0].lower() for part in cookie.split(";")]
            assert written.count("secure") == written.count("httponly") == written.count("samesite") == 1, cookie


# --- the database ---


def move_away(file: Path) -> Path:
    """Move a database with what stands in the log beside it, which SQLite would write to the file that comes there."""
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    return file.rename(file.with_name("apart.db"))


@contextmanager
def held(file: Path) -> Iterator[None]:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


@contextmanager
def taken_away(file: Path) -> Iterator[None]:
    apart = move_away(file)
    yield
    assert not file.exists(), "an empty one was made in its place"
    apart.rename(file)


@contextmanager
def replaced(file: Path) -> Iterator[None]:
    apart = move_away(file)
    file.write_text("bonjour, je ne suis pas une base de données du tout " * 500)
    yield
    apart.rename(file)


@contextmanager
def closed_to_writing(file: Path) -> Iterator[None]:
    """As a disk is that its system found faulty."""
    mount, folder = shutil.which("mount"), file.parent
    copy = Path(shutil.copytree(folder, folder.with_name("read-only"), symlinks=True, dirs_exist_ok=True))
    if os.geteuid() or not mount:
        pytest.skip("only the superuser can close a folder to writing")
    for options in (["--bind", str(copy), str(folder)], ["-o", "remount,ro,bind", str(folder)]):
        if subprocess.run([mount, *options], check=False, capture_output=True).returncode:
            pytest.skip("this machine lets nobody close a folder to writing")
    yield
    subprocess.run(["umount", "--lazy", folder], check=True)


FAULTS = [
    pytest.param(held, "Un autre programme retient", id="held"),
    pytest.param(taken_away, "n'est plus là", id="taken-away"),
    pytest.param(replaced, "abîmé, ou n'en est pas une", id="replaced"),
    pytest.param(closed_to_writing, "ne peut pas être écrite", id="read-only"),
]


@pytest.mark.parametrize(("broken", "told"), FAULTS)
def test_while_the_database_fails_visitors_are_answered_and_the_others_told_so(
    broken: Callable[[Path], object], told: str, running: Running
) -> None:
    first = httpx.post(f"{running.url}/api/ask", json=QUESTION, timeout=60).json()
    opinion = {"answer": first["answer_id"], "value": 1}
    assert httpx.post(f"{running.url}/api/feedback", json=opinion, timeout=60).status_code == 204
    assert running.get("/mes-conversations", **running.cookie).status_code == 200
    assert running.ready() == {**running.ready(), "status": "ready", "problems": []}
    before = len(running.log.read_text())
    with broken(running.data / "assistant.db"):  # type: ignore[attr-defined]
        started = time.monotonic()
        ready = running.ready()
        assert time.monotonic() - started < 4, "the image's own check waits no longer"
        assert ready["status"] == "degraded"
        assert told in str(ready["problems"])
        _check_answers(running, opinion)
        if broken not in (held, closed_to_writing):  # what is kept cannot be read either
            _check_members(running)
    wait_until(lambda: running.ready()["status"] == "ready", "the server does not recover")
    assert httpx.post(f"{running.url}/api/feedback", json=opinion, timeout=60).status_code == 204
    assert running.get("/mes-conversations", **running.cookie).status_code == 200
    noted = running.log.read_text()[before:]
    assert "Traceback" not in noted
    assert "The database does not answer" in noted


def _check_answers(running: Running, opinion: dict[str, object]) -> None:
    answer = httpx.post(f"{running.url}/api/ask", json=QUESTION, timeout=60)
    assert (answer.status_code, bool(answer.json()["citations"])) == (200, True)
    assert "#citation-1" in asyncio.run(_chat(running.url, ""))
    refused = httpx.post(f"{running.url}/api/feedback", json=opinion, timeout=60)
    assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
    assert refused.headers["retry-after"] == "5"
    assert "ni lu ni écrit" in refused.json()["detail"]


def _check_members(running: Running) -> None:
    """A page that needs the member says what is wrong; the others and the chat show what is open to everyone."""
    for path in ("/mes-conversations", "/mon-compte"):
        page = running.get(path, **running.cookie)
        assert page.status_code == 503, path
        assert "<h1>Indisponible en ce moment</h1>" in page.text
        assert "Aller à l’assistant" in page.text
        assert "sqlite" not in page.text.lower()
    assert running.get("/fiches", **running.cookie).status_code == 200
    assert running.get("/api/members/me", **running.cookie).status_code == 503
    assert running.get("/api/sheets", Authorization="Bearer une-cle").status_code == 503
    heard = asyncio.run(_chat(running.url, running.cookie["Cookie"]))
    assert "#citation-1" in heard
    assert "ne peut pas être vérifié en ce moment" in heard
    assert "OperationalError" not in heard
    assert "a pris fin" not in heard


async def _chat(url: str, cookie: str) -> str:
    async with ChatClient(url, cookie) as chat:
        start = chat.take()
        return start + await chat.ask("un budget participatif dans le Gers")


def test_a_database_that_is_well_or_without_its_tables_is_told_from_one_another(database: Engine) -> None:
    assert find_fault(database) == ""
    with database.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert find_fault(database)
