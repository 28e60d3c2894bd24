"""The server takes new versions by itself, while people are asking."""

import csv
import json
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from conftest import SHEETS, free_port, make_data_dir, run_assistant, run_server, spoil, start_server, wait_until

from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge
from assistant.serving.served import Served, warm_up
from index.build import build_index
from index.encoding.encoder import Encoder
from index.storage.folder_store import FolderStore
from ingest.layout import Layout
from ingest.source import read_source

MARK = "Titre de la seconde version"


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, layout: Layout) -> tuple[Path, str, str]:
    """A data directory with two versions: in the second, sheet 1 has another title."""
    folder = make_data_dir(tmp_path_factory.mktemp("served"))
    reading = read_source(str(SHEETS), layout)
    first = build_index(reading, "sheets", encoder, folder / "index").version
    reading.sheets[0] = reading.sheets[0].model_copy(update={"title": MARK})
    previous = FolderStore(folder / "index").open(encoder.name, "members", first)
    second = build_index(reading, "sheets", encoder, folder / "index", previous=previous).version
    FolderStore(folder / "index").promote(first)
    return folder, first, second


@pytest.fixture(scope="module")
def swapping_server(versions: tuple[Path, str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from start_server(versions[0], tmp_path_factory.mktemp("server"))


def test_the_first_question_of_a_form_is_not_taken_for_too_long(swapping_server: str) -> None:
    question = "Est-ce que je suis obligé de concerter les habitants pour réviser mon PLU ?"
    answer = httpx.post(f"{swapping_server}/api/ask", json={"query": question}, timeout=30).json()
    assert answer["kind"] == "notion"


def test_20_requests_a_second_during_5_swaps_have_no_error_and_no_mixed_answer(
    versions: tuple[Path, str, str], swapping_server: str
) -> None:
    folder, first, second = versions
    answers: list[tuple[int, str, bool]] = []
    done = threading.Event()

    with httpx.Client(base_url=swapping_server, timeout=30) as client, ThreadPoolExecutor(8) as pool:

        def ask() -> None:
            answer = client.get("/api/search", params={"query": "budget participatif du département du Gers"})
            titles = [hit["title"] for hit in answer.json().get("hits", [])] if answer.status_code == 200 else []
            answers.append((answer.status_code, answer.json().get("version", ""), MARK in titles))

        def load() -> None:
            while not done.is_set():
                pool.submit(ask)
                time.sleep(1 / 20)

        asking = threading.Thread(target=load)
        asking.start()
        waits = []
        for version in (second, first, second, first, second):
            FolderStore(folder / "index").promote(version)
            start = time.monotonic()
            while client.get("/readyz").json()["version"] != version:
                assert time.monotonic() - start < 15, "the server did not take the version"
                time.sleep(0.05)
            waits.append(time.monotonic() - start)
            time.sleep(1)
        done.set()
        asking.join()
    FolderStore(folder / "index").promote(first)
    print(json.dumps({"requests": len(answers), "swaps": [round(wait, 2) for wait in waits]}))
    assert {status for status, _, _ in answers} == {200}
    assert {version for _, version, _ in answers} == {first, second}
    assert all(marked == (version == second) for _, version, marked in answers)


def test_a_version_that_was_replaced_is_freed_though_its_parts_hold_each_other(
    versions: tuple[Path, str, str], encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.serving.served._LEFT_AFTER", 1.0)
    folder, first, second = versions
    index_dir = folder / "index"
    FolderStore(index_dir).promote(first)
    knowledge = Knowledge(FolderStore(index_dir).open(encoder.name, "public"), encoder, "")
    warm_up(knowledge)
    late = weakref.ref(knowledge.index.parts[0]._late)
    served = Served(knowledge, FolderStore(index_dir))
    del knowledge
    with served.following():
        FolderStore(index_dir).promote(second)
        wait_until(lambda: served.knowledge().index.manifest.version == second, "the second version is not served")
        assert late() is not None, "without a search of all objects, it stays"
        wait_until(lambda: late() is None, "the first version is still in memory")


def test_a_version_that_cannot_be_opened_changes_nothing(
    versions: tuple[Path, str, str], encoder: Encoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder, first, second = versions
    index_dir = tmp_path / "index"
    index_dir.mkdir()
    for version in (first, second):
        (index_dir / version).symlink_to(folder / "index" / version)
    store = FolderStore(index_dir)
    store.promote(first)
    served = Served(Knowledge(store.open(encoder.name, "public"), encoder, ""), store)
    assert not served.refresh()
    store.promote("19990101-000000-dead")
    assert not served.refresh()
    assert not served.refresh()
    assert caplog.text.count("cannot be served") == 1
    assert served.knowledge().index.manifest.version == first
    store.promote(second)
    assert served.refresh()
    assert find_hits("budget du Gers", served.knowledge())[0].sheet.title == MARK


def copy_with_spoiled(versions: tuple[Path, str, str], folder: Path, *spoiled: str) -> Path:
    """The index folder of a copy of the data directory, in which these versions are damaged."""
    data = folder / "data"
    data.mkdir()
    index_dir = make_data_dir(data, indexed=versions[0]) / "index"
    for version in spoiled:
        spoil(next((index_dir / version / "public").rglob("tokens.npy")))
    return index_dir


def test_a_server_that_starts_on_a_spoiled_index_serves_the_version_before_and_says_so(
    versions: tuple[Path, str, str], tmp_path: Path
) -> None:
    _, first, second = versions
    index_dir = copy_with_spoiled(versions, tmp_path, second)
    FolderStore(index_dir).promote(second)
    with run_server(index_dir.parent, tmp_path) as (url, _):
        wait_until(lambda: httpx.get(f"{url}/readyz").json()["status"] == "degraded", "nothing is told")
        told = httpx.get(f"{url}/readyz").json()
        assert told["version"] == first
        assert told["problems"] == [f"La version {second} ne s'ouvre pas : {first} reste en service."]
        assert httpx.post(f"{url}/api/ask", json={"query": "budget participatif"}).json()["citations"]
        FolderStore(index_dir).promote(first)
        wait_until(lambda: httpx.get(f"{url}/readyz").json()["status"] == "ready", "the server does not recover")


def test_a_server_whose_every_version_is_spoiled_says_what_to_do(
    versions: tuple[Path, str, str], tmp_path: Path
) -> None:
    index_dir = copy_with_spoiled(versions, tmp_path, *versions[1:])
    done = run_assistant("serve", ASSISTANT_DATA_DIR=str(index_dir.parent), ASSISTANT_PORT=str(free_port()))
    assert done.returncode
    assert "est abîmé" in done.stderr
    assert "assistant reindex" in done.stderr


def test_the_server_reindexes_on_its_schedule_and_serves_the_result(
    sheets_copy: Path, versions: tuple[Path, str, str], tmp_path: Path
) -> None:
    data_dir = make_data_dir(tmp_path)
    (data_dir / "index").mkdir()
    (data_dir / "index" / versions[1]).symlink_to(versions[0] / "index" / versions[1])
    FolderStore(data_dir / "index").promote(versions[1])
    table = sheets_copy / "csv" / "fiches.csv"
    rows = list(csv.DictReader(table.open(encoding="utf-8", newline="")))
    rows[0]["TITRE DU PROJET"] = "Titre venu par la planification"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    environment = {"ASSISTANT_SOURCE": str(sheets_copy), "ASSISTANT_REINDEX_EVERY": "8s"}
    for url in start_server(data_dir, tmp_path, **environment):
        start = time.monotonic()
        while httpx.get(f"{url}/api/sheets/1").json()["title"] != "Titre venu par la planification":
            assert time.monotonic() - start < 240
            time.sleep(0.5)
