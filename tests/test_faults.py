"""What a person sees, and what is lost, when the machine fails: nothing that was acknowledged."""

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import libfaketime
import pytest
from chat_client import ChatClient
from conftest import run_server, start_server, wait_until
from sqlalchemy import func, select

from assistant.store.database import open_database
from assistant.store.tables import asked_questions, opinions

QUESTION = {"query": "budget participatif des jeunes"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() or not mount:
        pytest.skip("only the superuser can make a small disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False, capture_output=True)
    if made.returncode:
        pytest.skip("this machine lets nobody make a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def count_kept(url: str) -> int:
    with open_database(url).connect() as connection:
        return connection.scalar(select(func.count()).select_from(asked_questions)) or 0


def test_a_full_disk_keeps_nobody_from_an_answer_and_questions_are_kept_again_when_there_is_room(
    own_data_dir: Path, tmp_path: Path, small_disk: Path
) -> None:
    database = f"sqlite:///{small_disk / 'a.db'}"
    for url in start_server(own_data_dir, tmp_path, ASSISTANT_DATABASE_URL=database):
        first = httpx.post(f"{url}/api/ask", json=QUESTION).json()
        assert httpx.post(f"{url}/api/feedback", json={"answer": first["answer_id"], "value": 1}).status_code == 204
        filler = small_disk / "filler"
        with pytest.raises(OSError, match="No space"), filler.open("wb") as file:  # noqa: PT012
            while True:
                file.write(b"0" * 4096)
                file.flush()
        for _ in range(20):
            assert httpx.post(f"{url}/api/ask", json=QUESTION).json()["citations"]
        unsaved = httpx.post(f"{url}/api/feedback", json={"answer": first["answer_id"], "value": -1})
        assert (unsaved.status_code, unsaved.json()["title"]) == (503, "Indisponible en ce moment")
        assert httpx.get(f"{url}/fiches/1").status_code == 200
        assert "sur le disque" in str(httpx.get(f"{url}/readyz").json()["problems"])
        filler.unlink()
        again = httpx.post(f"{url}/api/ask", json=QUESTION).json()
        assert httpx.post(f"{url}/api/feedback", json={"answer": again["answer_id"], "value": 1}).status_code == 204
    assert "Traceback" not in (tmp_path / "server.log").read_text()
    with open_database(database).connect() as connection:
        kept = {row.question_id: row.value for row in connection.execute(select(opinions))}
    assert kept == {first["answer_id"]: 1, again["answer_id"]: 1}


def test_what_was_acknowledged_outlives_a_server_that_is_killed(own_data_dir: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'a.db'}"
    with run_server(own_data_dir, tmp_path, ASSISTANT_DATABASE_URL=database) as (url, process):
        given = [httpx.post(f"{url}/api/ask", json=QUESTION).json()["answer_id"] for _ in range(3)]
        for key in given:
            assert httpx.post(f"{url}/api/feedback", json={"answer": key, "value": -1}).status_code == 204
        process.kill()
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{url}/healthz")
    assert count_kept(database) >= len(given)
    for url in start_server(own_data_dir, tmp_path, ASSISTANT_DATABASE_URL=database):
        assert httpx.post(f"{url}/api/feedback", json={"answer": given[0], "value": 1}).status_code == 204


class Clock:
    """The clock of a server's machine, which a test sets; the seconds that it counts for itself go on as they do."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set("+0")
        library = Path(libfaketime.__file__).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, distance: str) -> None:
        """So far from the right time, as "+400d" says."""
        self._file.write_text(f"{distance}\n")


async def _wait_for_date(client: httpx.AsyncClient, days: int) -> None:
    """Until the server says a date so many days from today's: it writes it once a second."""
    for _ in range(300):
        said = parsedate_to_datetime((await client.get("/healthz")).headers["date"])
        if round((said - datetime.now(UTC)) / timedelta(days=1)) == days:
            return
        await asyncio.sleep(0.1)
    pytest.fail("the clock of the server did not jump")


def test_a_clock_that_jumps_loses_nothing_and_keeps_nobody_from_an_answer(own_data_dir: Path, tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    database = f"sqlite:///{tmp_path / 'a.db'}"
    settings = {"ASSISTANT_DATABASE_URL": database, **clock.environment}

    async def talk(url: str) -> None:
        async with ChatClient(url) as chat, httpx.AsyncClient(base_url=url, timeout=30) as client:
            for distance in ("+0", "+400d", "-400d", "+0"):
                clock.set(distance)
                await _wait_for_date(client, int(distance.rstrip("d")))
                assert "#citation-1" in await chat.ask("un budget participatif dans le Gers"), distance
                for _ in range(3):
                    answer = (await client.post("/api/ask", json=QUESTION)).json()
                    assert answer["citations"], distance
                    opinion = {"answer": answer["answer_id"], "value": 1}
                    assert (await client.post("/api/feedback", json=opinion)).status_code == 204
                assert (await client.get("/readyz")).json()["status"] == "ready", distance

    for url in start_server(own_data_dir, tmp_path, **settings):
        asyncio.run(talk(url))
    kept = count_kept(database)
    assert kept >= 12
    log = tmp_path / "server.log"
    # Started with a clock far ahead, as one whose battery died may be, the server doubts it before it deletes all.
    clock.set("+2000d")
    for url in start_server(own_data_dir, tmp_path, **settings):
        assert httpx.post(f"{url}/api/ask", json=QUESTION, timeout=30).json()["citations"]
        wait_until(lambda: "is this machine's clock right?" in log.read_text(encoding="utf-8"), "the clock is believed")
    assert count_kept(database) > kept


def test_more_people_than_places_are_asked_to_come_back_and_the_others_are_answered(
    own_data_dir: Path, tmp_path: Path
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for url in start_server(own_data_dir, tmp_path, ASSISTANT_ANSWERS_AT_ONCE="4"):
        with ThreadPoolExecutor(40) as people:
            asking = [people.submit(httpx.post, f"{url}/api/ask", json=QUESTION, timeout=60) for _ in range(40)]
            answers = [each.result() for each in asking]
        told = {answer.status_code for answer in answers}
        assert told == {200, 503}
        refused = next(answer for answer in answers if answer.status_code == 503)
        assert refused.headers["Retry-After"] == "5"
        assert "Réessayez" in refused.json()["detail"]
        time.sleep(0.5)
        assert httpx.post(f"{url}/api/ask", json=QUESTION).status_code == 200
