"""What a person sees, and what is lost, when the machine fails: nothing that was acknowledged."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import start_server
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
    real_data_dir: Path, tmp_path: Path, small_disk: Path
) -> None:
    database = f"sqlite:///{small_disk / 'a.db'}"
    for url in start_server(real_data_dir, tmp_path, ASSISTANT_DATABASE_URL=database):
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
        assert unsaved.status_code >= 400  # never acknowledged without being kept
        assert httpx.get(f"{url}/fiches/1").status_code == 200
        filler.unlink()
        again = httpx.post(f"{url}/api/ask", json=QUESTION).json()
        assert httpx.post(f"{url}/api/feedback", json={"answer": again["answer_id"], "value": 1}).status_code == 204
    with open_database(database).connect() as connection:
        kept = {row.question_id: row.value for row in connection.execute(select(opinions))}
    assert kept == {first["answer_id"]: 1, again["answer_id"]: 1}


def test_what_was_acknowledged_outlives_a_server_that_is_killed(real_data_dir: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'a.db'}"
    for url in start_server(real_data_dir, tmp_path, ASSISTANT_DATABASE_URL=database):
        given = [httpx.post(f"{url}/api/ask", json=QUESTION).json()["answer_id"] for _ in range(3)]
        for key in given:
            assert httpx.post(f"{url}/api/feedback", json={"answer": key, "value": -1}).status_code == 204
        os.kill(find_process(url), signal.SIGKILL)
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{url}/healthz")
    assert count_kept(database) >= len(given)
    for url in start_server(real_data_dir, tmp_path, ASSISTANT_DATABASE_URL=database):
        assert httpx.post(f"{url}/api/feedback", json={"answer": given[0], "value": 1}).status_code == 204


def find_process(url: str) -> int:
    """The process that listens at an address."""
    port = int(url.rpartition(":")[2])
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        if f"ASSISTANT_PORT={port}\0".encode() in environment and process.name != str(os.getpid()):
            return int(process.name)
    raise AssertionError(f"nothing listens at {url}")


def test_more_people_than_places_are_asked_to_come_back_and_the_others_are_answered(
    real_data_dir: Path, tmp_path: Path
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for url in start_server(real_data_dir, tmp_path, ASSISTANT_ANSWERS_AT_ONCE="4"):
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
