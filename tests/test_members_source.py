"""A source that is the members' own changes nothing for visitors: no file that answers them, no answer, no page."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from conftest import MODELS, ROOT, make_data_dir, run_server, wait_until
from members_source import SECRET, Pair, make_pair
from prometheus_client import generate_latest
from psycopg.types.json import Jsonb

from assistant.observing.metrics import Metrics
from index.build import build_index, fingerprint
from index.encoding.encoder import Encoder
from index.manifest import IndexCorrupt, IndexStale
from index.storage.folder_store import FolderStore
from index.storage.postgresql.connection import Database
from index.storage.postgresql.publish import publish
from index.storage.postgresql.store import PostgresqlStore
from index.version_folder import read_manifest
from ingest.questions import SheetQuestion
from ingest.source import locate_documents
from language.letters import fold

BEFORE = "ea39b2a"  # one manifest told visitors' part and the members' together
QUESTIONS = (
    *("budget participatif", "Comment organiser un budget participatif dans un département ?", "Qui a fait un COVIL ?"),
    *("Que dit la Confrérie des passerelles ?", "les lauréats des Trophées", "Où est la passerelle zygomorphe ?"),
    *("Des exemples sur les zoonoses", "Combien de fiches parlent de nature ?", "Qui a fait voter dans les collèges ?"),
    *("Toutes les fiches de 1987", "Que se passe-t-il à Noirmoutier ?", "une petite ville de 500 000 habitants"),
    *("which town had a street jury?", "ludothécaire", "quintesence ultramarine", "sous le préau, avec des enfants"),
    *("Compare la fiche 1 et la fiche 7", "fiche 7", "Combien de fiches en tout ?", "987 654 euros", "bonjour"),
    *("Qui a consulté des entreprises ?", "Liste des départements", "Quels sont les thèmes des fiches ?"),
    *("Qu'est-ce que ce centre ?", "convention citoyenne pour le climat", "Combien de personnes ont voté ?"),
)
_CHANGES = re.compile(r"\b20\d{6}-\d{6}-\d{6}\b|\d{4}-\d\d-\d\dT[\d:.]+Z?")  # names and dates of versions
_OWN_HEADERS = {"date", "etag", "content-length", "x-request-id"}
_OWN = {"answer_id", "seconds", "version", "created"}  # of a version or of one answer, by nature


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return make_pair(tmp_path_factory.mktemp("pair"))


@pytest.fixture(scope="module")
def index_dir(pair: Pair, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:  # noqa: ARG001 - the model is there
    return make_data_dir(tmp_path_factory.mktemp("versions")) / "index"


@pytest.fixture(scope="module")
def plain(pair: Pair, encoder: Encoder, index_dir: Path) -> str:
    """The version of the sheets for everyone alone."""
    return pair.build("plain", encoder, index_dir)


@pytest.fixture(scope="module")
def both(pair: Pair, encoder: Encoder, index_dir: Path, plain: str) -> str:
    """The version that holds the members' source besides."""
    assert plain
    return pair.build("both", encoder, index_dir)


def read_visible(folder: Path) -> dict[str, bytes]:
    """All that a process reads to answer visitors, less what names and dates the version."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in sorted((folder / "public").rglob("*.*"))}
    return files | {"manifest.json": _CHANGES.sub("", (folder / "manifest.json").read_text()).encode()}


def assert_same_for_visitors(one: Path, other: Path) -> None:
    ones, others = read_visible(one), read_visible(other)
    assert ones.keys() == others.keys()
    assert [name for name in ones if ones[name] != others[name]] == []


def test_what_answers_visitors_is_the_same_byte_for_byte(index_dir: Path, plain: str, both: str) -> None:
    assert_same_for_visitors(index_dir / plain, index_dir / both)
    members = read_manifest(index_dir / both, "members")
    assert (members.practices, read_manifest(index_dir / both, "public").practices) == (10, 6)
    assert "ZOO" in members.facets["thematique"].labels, "it is there for members"
    assert members.facets["thematique"].labels["ENV"] == "Environnement", "visitors' words come first"
    assert members.programmes["confrerie"] == "Confrérie des passerelles"
    assert members.vocabulary.asides == ("budget participatif",)


def test_nothing_that_visitors_processes_read_names_the_members_source(index_dir: Path, both: str, pair: Pair) -> None:
    hidden = (*SECRET, "members/", fold(pair.both[0].address))
    texts = [path for path in (index_dir / both / "public").rglob("*") if path.suffix in (".json", ".jsonl")]
    for path in (*texts, index_dir / both / "manifest.json"):
        text = fold(path.read_text(encoding="utf-8"))
        assert [word for word in hidden if word in text] == [], path


def test_versions_that_follow_stay_the_same_for_visitors(
    pair: Pair, encoder: Encoder, index_dir: Path, plain: str, both: str
) -> None:
    before = FolderStore(index_dir).open(encoder.name, "members", both)
    again = pair.build("both", encoder, index_dir, before)
    assert_same_for_visitors(index_dir / plain, index_dir / again)
    gone = pair.build("plain", encoder, index_dir, before)
    assert_same_for_visitors(index_dir / plain, index_dir / gone)


def test_a_sheet_that_becomes_public_is_read_anew(pair: Pair, encoder: Encoder, index_dir: Path, both: str) -> None:
    before = FolderStore(index_dir).open(encoder.name, "members", both)
    reading = pair.read("both")
    shown = {"access": "public"}
    reading.sheets = [each.model_copy(update=shown) if each.id == "7" else each for each in reading.sheets]
    built = build_index(reading, "", encoder, index_dir, previous=before)
    assert built.passages.embedded == sum(each.sheet == "7" for each in before.passages)


def test_a_members_question_on_a_public_sheet_takes_the_place_of_none(
    pair: Pair, encoder: Encoder, index_dir: Path, plain: str
) -> None:
    known = "Comment les collégiens ont-ils voté ?"
    public = [SheetQuestion(sheet="2", text=f"Combien d'électeurs au bureau {number} ?") for number in range(19)]
    public.append(SheetQuestion(sheet="2", text=known))
    own = [SheetQuestion(sheet="2", text=f"Où est la passerelle {number} ?", access="members") for number in range(9)]
    refused = SheetQuestion(sheet="2", text=known, state="rejected", access="members")
    versions = []
    for questions in (public, [*own, refused, public[-1].model_copy(update={"access": "members"}), *public]):
        reading = pair.read("plain")
        reading.questions = questions
        previous = FolderStore(index_dir).open(encoder.name, "members", plain)
        versions.append(build_index(reading, "", encoder, index_dir, previous=previous).version)
    assert_same_for_visitors(*(index_dir / version for version in versions))
    (keys,) = FolderStore(index_dir).open(encoder.name, "public", versions[1]).question_parts
    assert known in {question.text for question in keys.questions}


def test_of_two_sheets_with_one_id_the_public_one_stays(
    pair: Pair, encoder: Encoder, index_dir: Path, both: str
) -> None:
    index = FolderStore(index_dir).open(encoder.name, "public", both)
    assert (sheet := index.find_sheet("1")) is not None
    assert sheet.source == "trophees"
    (told,) = [each for each in pair.read("both").rejected if "donnez un prefix" in each.reason]
    assert told.file == sheet.title
    assert locate_documents(pair.both, pair.store)["1"].path.parent.name == "public"


@pytest.fixture(scope="module")
def asked(
    pair: Pair, index_dir: Path, plain: str, both: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[object]]:
    """What one server answers to the same requests from both versions, one after the other."""
    FolderStore(index_dir).promote(plain)
    folder, answers = tmp_path_factory.mktemp("site"), {}
    settings = {"ASSISTANT_SOURCE": str(pair.write_list("both")), "ASSISTANT_PUBLIC_URL": "{url}"}
    with run_server(index_dir.parent, folder, **settings) as (url, _), httpx.Client(base_url=url, timeout=60) as client:
        for version in (plain, both):
            FolderStore(index_dir).promote(version)
            wait_until(lambda: client.get("/readyz").json()["version"] == version, "it is not served")  # noqa: B023
            answers[version] = [(name, send(client)) for name, send in _requests()]
    return answers


def _requests() -> Iterator[tuple[str, Callable[[httpx.Client], object]]]:
    """What a visitor may ask, by name: all that is read, whatever it is."""
    addresses = [
        *("/api/facets", "/chat/filters", "/fiches", "/fiches?vue=carte", "/fiches?vue=tableau", "/fiches.csv"),
        *("/fiches.md", "/fiches.docx", "/sitemap.xml", "/robots.txt", "/api/sheets?limit=500", "/readyz", "/chat/"),
        *("/api/sheets?source=confrerie", "/api/sheets?thematique=ZOO", "/fiches?source=confrerie", "/docs", "/demo"),
        *("/fiches?thematique=ZOO&thematique=ENV", "/fiches?annee=1987", "/fiches?departement=85", "/openapi.json"),
        *("/api/sheets?annee=1987&format=markdown", "/api/sheets?thematique=ZOO&format=csv", "/chat/?sheet=7"),
        *(f"/{path}/{sheet}" for path in ("fiches", "api/sheets") for sheet in ("1", "2", "7", "777", "8888", "9")),
        *(f"/fiches/{sheet}.pdf" for sheet in ("1", "3", "7", "8888")),
    ]
    for address in addresses:
        yield address, lambda client, address=address: _read(client.get(address))
    for number, question in enumerate(QUESTIONS):
        told = {"query": question, "q": question}
        yield f"ask {question}", lambda client, told=told: _read(client.post("/api/ask", json={"query": told["q"]}))
        path = "/fiches" if number % 2 else "/api/search"
        yield f"{path} {question}", lambda client, told=told, path=path: _read(client.get(path, params=told))
    history = [{"query": "Que dit la fiche 7 ?", "sheets": ["7", "8"], "shown": ["7/presentation/1", "7", "1"]}]
    for body in (
        {"query": "Et la deuxième, en détail ?", "history": history},
        {"query": "budget participatif", "filters": {"source": "confrerie"}},
        {"query": "budget participatif", "filters": {"thematique": ["ZOO"], "porteur": ["DEP"]}},
        {"query": "dans le Var ?", "filters": {"annee": [1987]}},
    ):
        yield f"ask {body}", lambda client, body=body: _read(client.post("/api/ask", json=body))


def _read(answer: httpx.Response) -> object:
    """An answer without what each has of its own: its date, how long it took, the name of the version."""
    headers = {key: value for key, value in answer.headers.items() if key not in _OWN_HEADERS}
    headers = {key: re.sub(r"nonce-[\w-]+", "", value) for key, value in headers.items()}
    if "json" in headers.get("content-type", ""):
        return answer.status_code, headers, _strip(answer.json())
    if "wordprocessing" in headers.get("content-type", ""):
        return answer.status_code, headers, len(answer.content) // 200
    return answer.status_code, headers, re.sub(r'nonce="[^"]+"', "", _CHANGES.sub("", answer.text))


def _strip(content: object) -> object:
    if isinstance(content, dict):
        return {key: _strip(value) for key, value in content.items() if key not in _OWN}
    return [_strip(each) for each in content] if isinstance(content, list) else content


def test_every_answer_and_every_page_is_the_same(asked: dict[str, list[object]], plain: str, both: str) -> None:
    assert len(asked[plain]) > 90
    pairs = zip(asked[plain], asked[both], strict=True)
    assert [one[0] for one, other in pairs if one != other] == []  # type: ignore[index]


def test_figures_of_the_server_count_what_visitors_may_see(index_dir: Path, both: str, encoder: Encoder) -> None:
    index, metrics = FolderStore(index_dir).open(encoder.name, "public", both), Metrics()
    metrics.watch(lambda: index.manifest, dict)
    told = generate_latest(metrics.registry).decode()
    assert "assistant_index_sheets 6.0" in told
    assert 'access="members"' not in told


def test_the_whole_manifest_is_checked_with_the_files(
    index_dir: Path, both: str, encoder: Encoder, tmp_path: Path
) -> None:
    copy = shutil.copytree(index_dir / both, tmp_path / both)
    FolderStore(tmp_path).note_recall(both, 0.5, "x")
    assert (FolderStore(tmp_path).verify(both).recall, read_manifest(copy, "public").recall) == (0.5, None)
    text = (copy / "manifest.json").read_text().replace("Environnement", "Nature")
    (copy / "manifest.json").write_text(text)
    with pytest.raises(IndexCorrupt, match=r"manifest\.json a changé"):
        FolderStore(tmp_path).verify(both)
    (copy / "members" / "manifest.json").unlink()
    assert FolderStore(tmp_path).open(encoder.name, "public", both).practices
    with pytest.raises(IndexCorrupt):
        FolderStore(tmp_path).open(encoder.name, "members", both)
    assert FolderStore(tmp_path).manifests() == []
    assert [each.version for each in FolderStore(tmp_path).manifests("public")] == [both]


def test_visitors_tables_in_postgresql_name_nothing_of_the_members_source(
    postgres: Callable[[str], str], index_dir: Path, plain: str, both: str, encoder: Encoder
) -> None:
    url = postgres("members_source")
    store, database = PostgresqlStore(url, url, url), Database(url)
    for version in (plain, both):
        publish(database, index_dir / version)
        store.promote(version)
    rows = database.read("SELECT convert_to(manifest::text, 'UTF8') FROM index_public.versions")
    rows += database.read("SELECT content FROM index_public.files WHERE name LIKE '%%.json%%'")
    for name in ("passage", "sheet"):
        rows += database.read(f"SELECT convert_to({name}, 'UTF8') FROM index_public.\"passages_{both}\"")
    told = fold(" ".join(bytes(row[0]).decode() for row in rows))
    assert len(told) > 10_000
    assert [word for word in (*SECRET, "members/") if word in told] == []
    ours, others = (store.open(encoder.name, "public", version).manifest.model_dump() for version in (plain, both))
    assert {key for key in ours if ours[key] != others[key]} == {"version", "created"}
    assert store.open(encoder.name, "members").manifest.programmes["confrerie"]
    store.note_recall(both, 0.25, "x")
    assert [each.recall for each in store.manifests()] == [0.25, None]
    assert [each.recall for each in store.manifests("public")] == [None, None]
    assert store.verify(both).practices == 10
    assert store.roll_back(encoder.name).version == plain
    store.remove(both)
    assert database.read("SELECT version FROM index_members.versions") == [(plain,)]


_OLD_BUILD = """
import sys
from pathlib import Path
from index.build import build_index, fingerprint
from index.encoder import open_encoder
from index.versions import promote
from ingest.source import read_sources
from ingest.source_list import read_source_list
folder, encoder = Path(sys.argv[1]), open_encoder("multilingual-e5-small", Path(sys.argv[2]))
for path in sys.argv[3:]:
    reading = read_sources(read_source_list(Path(path)), folder / "sources")
    promote(folder / "index", build_index(reading, path, encoder, folder / "index").version)
"""


@pytest.fixture(scope="module")
def old(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:  # noqa: ARG001 - the model is there
    """The versions that the code of before made: of the sheets for everyone alone, and with the members' source."""
    git = shutil.which("git")
    archive = subprocess.run([git or "git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode != 0:
        pytest.skip("the project's history is not here, or not whole")
    code, data = tmp_path_factory.mktemp("code"), tmp_path_factory.mktemp("old")
    subprocess.run(["tar", "--extract", "--directory", code], input=archive.stdout, check=True)
    before = make_pair(tmp_path_factory.mktemp("before"), code)
    lists = [before.write_list(name) for name in ("plain", "both")]
    command = [sys.executable, "-P", "-c", _OLD_BUILD, str(data), str(MODELS), *map(str, lists)]
    environment = {**os.environ, "PYTHONPATH": str(code)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    versions = sorted(path.name for path in (data / "index").glob("[0-9]*"))
    assert len(versions) == 2
    return data / "index", versions[0], versions[1]


def test_an_older_version_that_mixes_the_words_of_members_is_told_stale_to_visitors_alone(
    old: tuple[Path, str, str], pair: Pair, encoder: Encoder
) -> None:
    index_dir, plain, mixed = old
    assert FolderStore(index_dir).verify(mixed).programmes["confrerie"]
    with pytest.raises(IndexStale, match="assistant reindex"):
        FolderStore(index_dir).open(encoder.name, "public", mixed)
    assert FolderStore(index_dir).roll_back(encoder.name, plain).version == plain
    with pytest.raises(IndexStale, match="assistant reindex"):
        FolderStore(index_dir).roll_back(encoder.name, mixed)
    assert FolderStore(index_dir).current() == plain
    members = FolderStore(index_dir).open(encoder.name, "members", mixed)
    assert members.find_sheet("7")
    built = build_index(pair.read("both"), "", encoder, index_dir, previous=members)
    taken = len(members.passages_of_sheet("1"))  # the sheet for everyone has this id now, whatever source comes first
    assert (built.passages.embedded, built.passages.reused) == (taken, members.passage_count - taken)
    assert fingerprint(pair.read("both"), encoder.name) != members.manifest.fingerprint, "a reindexing makes a new one"


def test_an_older_version_without_a_members_source_is_served_and_checked(
    old: tuple[Path, str, str], encoder: Encoder
) -> None:
    index_dir, version, _ = old
    index = FolderStore(index_dir).open(encoder.name, "public", version)
    manifest = index.manifest
    assert (len(index.practices), manifest.practices, manifest.passages.keys()) == (6, 6, {"public"})
    assert (manifest.source, manifest.fingerprint, manifest.asked) == ("", "", ())
    assert manifest.files.keys() == {name for name in FolderStore(index_dir).verify(version).files if "public/" in name}
    FolderStore(index_dir).note_recall(version, 0.5, "x")
    assert read_manifest(index_dir / version, "members").recall == 0.5
    assert not (index_dir / version / "members" / "manifest.json").exists()


def test_a_database_that_knew_one_manifest_is_read_and_cleaned(
    postgres: Callable[[str], str], index_dir: Path, plain: str, both: str, encoder: Encoder, old: tuple[Path, str, str]
) -> None:
    url = postgres("one_manifest")
    store, database = PostgresqlStore(url, url, url), Database(url)
    for version in (plain, both):
        publish(database, index_dir / version)
        store.promote(version)
    # As the code of before left it: one manifest a version, and no list beside the members' tables.
    for version, old_version in ((plain, old[1]), (both, old[2])):
        whole = read_manifest(old[0] / old_version, "members").model_copy(update={"version": version, "files": {}})
        files = database.read("SELECT manifest->'files' FROM index_members.versions WHERE version = %s", [version])
        written = Jsonb({**whole.model_dump(mode="json"), "files": files[0][0]})
        with database.transaction() as connection:
            update = "UPDATE index_public.versions SET manifest = %s WHERE version = %s"
            connection.execute(update, [written, version])
    with database.transaction() as connection:
        connection.execute("DROP TABLE index_members.versions")
    assert [each.version for each in store.manifests()] == [both, plain]
    assert [each.version for each in store.manifests("public")] == [plain]
    assert store.verify(both).practices == 10
    with pytest.raises(IndexStale, match="assistant reindex"):
        store.open(encoder.name, "public")
    assert store.open(encoder.name, "public", plain).practices
    store.note_recall(plain, 0.5, "x")
    assert store.verify(plain).recall == 0.5
    assert store.roll_back(encoder.name).version == plain
    with pytest.raises(IndexStale, match="assistant reindex"):
        store.roll_back(encoder.name, both)
    store.clean(keep=1)
    assert [each.version for each in store.manifests()] == [plain]
