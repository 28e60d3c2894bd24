import gzip
import io
import json
import os
import sqlite3
import stat
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from conftest import make_data_dir, make_database, run_assistant, spoil
from pydantic import SecretStr
from sqlalchemy import Engine, delete, func, insert, select

from assistant.backup.archive import ArchiveManifest, ArchiveWrong, read_archive, write_archive
from assistant.backup.backup import back_up
from assistant.backup.people import PeopleThere
from assistant.backup.restore import RestoreRefused, restore
from assistant.backup.swap import finish_swap
from assistant.process.occupancy import DataDirBusy, serving
from assistant.reindexing.runs import RunJournal
from assistant.settings import Settings
from assistant.staff.accounts import StaffAccounts
from assistant.store.database import DatabaseUnusable, open_settings_database
from assistant.store.tables import conversations, exchanges, make_id, members
from index.encoding.encoder import Encoder
from index.manifest import IndexMissing
from index.storage.folder_store import FolderStore

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PASSWORD = "cheval-batterie-agrafe"
ANSWER = {"answer": "Le Gers a réuni 47 000 votants [1].", "kept": None, "citations": [{"marker": 1}]}


@pytest.fixture
def lived_in(tmp_path: Path, own_data_dir: Path) -> Settings:
    """A data directory with an index, accounts, a conversation, a run, an adapter, and what is made again."""
    folder = tmp_path / "var"
    settings = Settings(data_dir=folder)
    (folder / "index").mkdir(parents=True)
    version = FolderStore(own_data_dir / "index").current()
    (folder / "index" / str(version)).symlink_to(own_data_dir / "index" / str(version))
    (folder / "index" / "current").write_text(str(version))
    StaffAccounts(folder).add("camille", PASSWORD)
    RunJournal(folder).announce("command")
    for name in ("adapters/fiches.safetensors", "models/big.bin", "sources/a.csv", "secret", "x.lock", ".write-1"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(name)
    add_conversation(open_settings_database(settings))
    return settings


def add_conversation(engine: Engine, email: str = "a@b.fr") -> None:
    with engine.begin() as connection:
        member, conversation = make_id(), make_id()
        row = {"id": member, "email": email, "name": "Zoé", "origin": "staff", "created": NOW}
        connection.execute(insert(members).values(row))
        row = {"id": conversation, "member_id": member, "title": "Jeunes", "started": NOW, "updated": NOW}
        connection.execute(insert(conversations).values(row))
        said = {"conversation_id": conversation, "position": 1, "question": "Qui ?", "answer": ANSWER, "ignored": {}}
        connection.execute(insert(exchanges).values(id=make_id(), at=NOW, **said))


def read_people(settings: Settings) -> list[tuple[object, ...]]:
    engine = open_settings_database(settings)
    with engine.connect() as connection:
        joined = select(members.c.email, members.c.created, exchanges.c.answer, exchanges.c.at).select_from(
            members.join(conversations).join(exchanges)
        )
        rows = [tuple(row) for row in connection.execute(joined.order_by(members.c.email))]
    engine.dispose()
    return rows


def settings_of(kind: str, folder: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings of a data directory whose database is of this kind: SQLite's is in the directory, unless told."""
    url = "" if kind == "sqlite" else make_database("postgresql", request, folder)
    return Settings(data_dir=folder, database_url=SecretStr(url))


@pytest.mark.parametrize("suffix", [".tar.zst", ".tar.gz"])
def test_what_was_saved_is_put_back_and_answers(
    lived_in: Settings, tmp_path: Path, encoder: Encoder, suffix: str
) -> None:
    archive = tmp_path / f"sauvegarde{suffix}"
    saved = back_up(lived_in, archive)
    new = Settings(data_dir=tmp_path / "new")
    assert restore(new, archive) == saved
    assert read_people(new) == read_people(lived_in) == [("a@b.fr", NOW, ANSWER, NOW)]
    assert StaffAccounts(new.data_dir).check("camille", PASSWORD) == "camille"
    assert len(RunJournal(new.data_dir).list_runs()) == 1
    index = FolderStore(new.index_dir).open(encoder.name, "members")
    assert index.manifest == FolderStore(lived_in.index_dir).verify()
    assert (new.data_dir / "secret").read_text() == "secret"
    assert (new.data_dir / "adapters" / "fiches.safetensors").is_file()
    assert not {"models", "sources", "x.lock", ".write-1", ".restoring"} & {
        each.name for each in new.data_dir.iterdir()
    }


@pytest.mark.parametrize(
    ("source", "target"), [("postgresql", "postgresql"), ("sqlite", "postgresql"), ("postgresql", "sqlite")]
)
def test_a_backup_goes_from_one_database_to_another(
    tmp_path: Path, request: pytest.FixtureRequest, source: str, target: str
) -> None:
    old = settings_of(source, tmp_path / "old", request)
    add_conversation(open_settings_database(old))
    back_up(old, tmp_path / "s.tar.gz")
    new = settings_of(target, tmp_path / "new", request)
    assert restore(new, tmp_path / "s.tar.gz").database == source
    assert read_people(new) == [("a@b.fr", NOW, ANSWER, NOW)]


def test_a_postgresql_that_holds_something_is_replaced_by_force_alone(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    settings = settings_of("postgresql", tmp_path / "var", request)
    add_conversation(open_settings_database(settings), "kept@b.fr")
    back_up(settings, tmp_path / "s.tar.gz")
    add_conversation(open_settings_database(settings), "later@b.fr")
    with pytest.raises(PeopleThere, match="--force"):
        restore(settings, tmp_path / "s.tar.gz")
    assert len(read_people(settings)) == 2
    restore(settings, tmp_path / "s.tar.gz", force=True)
    assert [row[0] for row in read_people(settings)] == ["kept@b.fr"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_made_while_people_write_holds_whole_exchanges(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str
) -> None:
    settings = settings_of(kind, tmp_path / "var", request)
    engine = open_settings_database(settings)
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            add_conversation(engine, f"{number}@b.fr")
            if number % 3 == 0:
                with engine.begin() as connection:
                    connection.execute(delete(members).where(members.c.email == f"{number}@b.fr"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(settings, tmp_path / f"{number}.tar.gz")
            restored = Settings(data_dir=tmp_path / f"new-{number}")
            restore(restored, tmp_path / f"{number}.tar.gz")
            with open_settings_database(restored).connect() as connection:
                counts = [connection.scalar(select(func.count()).select_from(each)) for each in (members, exchanges)]
            assert counts[0] == counts[1]
    finally:
        done.set()
        writer.join()


def test_over_what_is_there_force_is_needed_and_leaves_only_what_was_saved(lived_in: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "s.tar.zst"
    back_up(lived_in, archive)
    add_conversation(open_settings_database(lived_in), "later@b.fr")
    StaffAccounts(lived_in.data_dir).remove("camille")
    (lived_in.data_dir / "later.json").write_text("{}")
    with pytest.raises(RestoreRefused, match="--force"):
        restore(lived_in, archive)
    assert len(read_people(lived_in)) == 2
    restore(lived_in, archive, force=True)
    assert [row[0] for row in read_people(lived_in)] == ["a@b.fr"]
    assert StaffAccounts(lived_in.data_dir).list_names() == ["camille"]
    assert not (lived_in.data_dir / "later.json").exists()
    assert (lived_in.data_dir / "models" / "big.bin").is_file()


def test_nothing_is_restored_under_a_server_or_a_reindexing(lived_in: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "s.tar.gz"
    back_up(lived_in, archive)
    with serving(lived_in.data_dir), serving(lived_in.data_dir), pytest.raises(DataDirBusy, match="Arrêtez-le"):
        restore(lived_in, archive, force=True)
    with RunJournal(lived_in.data_dir).alone(), pytest.raises(Exception, match="réindexation est déjà en cours"):
        restore(lived_in, archive, force=True)


def test_an_archive_is_its_owners_alone_and_never_replaces_another_file(lived_in: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "s.tar.gz"
    back_up(lived_in, archive)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with pytest.raises(ArchiveWrong, match="existe déjà"):
        back_up(lived_in, archive)
    with pytest.raises(ArchiveWrong, match="doit finir par"):
        back_up(lived_in, tmp_path / "s.zip")
    restore(Settings(data_dir=tmp_path / "new"), archive)
    for file in (tmp_path / "new").glob("*.json"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["new", "s.tar.gz", "var"]


def test_files_of_settings_are_saved_and_given_back_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    Path(".env").write_text('ASSISTANT_CENTRE_NAME="Centre"\n')
    Path("sources.toml").write_text("# mes sources\n")
    (tmp_path / "var").mkdir()
    back_up(Settings(data_dir=tmp_path / "var", source="sources.toml"), tmp_path / "s.tar.gz")
    restore(Settings(data_dir=tmp_path / "new"), tmp_path / "s.tar.gz")
    kept = tmp_path / "new" / "restored-settings"
    assert {each.name: each.read_text() for each in kept.iterdir()} == {
        ".env": 'ASSISTANT_CENTRE_NAME="Centre"\n',
        "sources.toml": "# mes sources\n",
    }


class Forger:
    """Makes archives that look like ours, with something wrong in each."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "forged.tar.gz"

    def write(
        self,
        manifest: object,
        members: list[tuple[tarfile.TarInfo, bytes]],
        compress: Callable[[bytes], bytes] = gzip.compress,
    ) -> Path:
        raw = io.BytesIO()
        with tarfile.open(fileobj=raw, mode="w") as tar:
            content = json.dumps(manifest).encode()
            for info, data in [(regular("manifest.json", content), content), *members]:
                tar.addfile(info, io.BytesIO(data))
        self.path.write_bytes(compress(raw.getvalue()))
        return self.path


def regular(name: str, content: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def manifest_of(*files: tuple[str, int], **changes: object) -> dict[str, object]:
    listed = [{"name": name, "size": size, "sha256": "0" * 64} for name, size in files]
    return {"format": 1, "made": "", "program": "", "database": "sqlite", "index": None, "files": listed, **changes}


FORGED: dict[str, tuple[object, list[tuple[tarfile.TarInfo, bytes]]]] = {
    "goes up": (manifest_of(("../x", 1)), [(regular("../x", b"a"), b"a")]),
    "goes up inside": (manifest_of(("data/../../x", 1)), [(regular("data/../../x", b"a"), b"a")]),
    "starts at the root": (manifest_of(("/tmp/x", 1)), [(regular("/tmp/x", b"a"), b"a")]),
    "symbolic link": (manifest_of(("data/x", 0)), [(link("data/x", "/etc/passwd"), b"")]),
    "hard link": (manifest_of(("data/x", 0)), [(link("data/x", "manifest.json", tarfile.LNKTYPE), b"")]),
    "device": (manifest_of(("data/x", 0)), [(link("data/x", "", tarfile.CHRTYPE), b"")]),
    "not announced": (manifest_of(), [(regular("data/x", b"a"), b"a")]),
    "larger than announced": (manifest_of(("data/x", 1)), [(regular("data/x", b"aa"), b"aa")]),
    "other content": (manifest_of(("data/x", 1)), [(regular("data/x", b"a"), b"a")]),
    "missing": (manifest_of(("data/x", 1)), []),
    "twice": (manifest_of(("data/x", 1), ("data/x", 1)), []),
    "larger than the disk": (manifest_of(("data/x", 10**18)), []),
    "of another format": (manifest_of(format=2), []),
    "without a database": (manifest_of(), []),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_archive_is_refused_and_changes_nothing(lived_in: Settings, tmp_path: Path, forged: str) -> None:
    archive = Forger(tmp_path).write(*FORGED[forged])
    before = list_tree(tmp_path)
    with pytest.raises(ArchiveWrong, match="Rien n'a été changé"):
        restore(lived_in, archive, force=True)
    assert list_tree(tmp_path) == before


def list_tree(folder: Path) -> list[str]:
    names = (str(path.relative_to(folder)) for path in folder.rglob("*"))
    return sorted(name for name in names if not name.endswith((".lock", "-wal", "-shm")))


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gzip", "zstd"])
def test_an_archive_that_swells_is_given_up_early(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    """A header that announces a name of 300 MB, which an archive of a few kB can hold."""
    name = tarfile.TarInfo("@LongLink")
    name.type, name.size = tarfile.GNUTYPE_LONGNAME, 300_000_000
    raw = io.BytesIO()
    content = json.dumps(manifest_of(("data/x", 1))).encode()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        tar.addfile(regular("manifest.json", content), io.BytesIO(content))
        tar.fileobj.write(name.tobuf(tarfile.GNU_FORMAT) + bytes(name.size))  # type: ignore[union-attr]
    (tmp_path / "bomb").write_bytes(compress(raw.getvalue()))
    assert (tmp_path / "bomb").stat().st_size < 400_000
    with pytest.raises(ArchiveWrong, match="tronquée ou abîmée"):
        read_archive(tmp_path / "bomb", None)


@pytest.mark.parametrize("suffix", [".tar.zst", ".tar.gz"])
def test_a_damaged_archive_is_refused_wherever_it_is_damaged(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "notes.bin").write_bytes(bytes(range(256)) * 300)
    archive = tmp_path / f"s{suffix}"
    back_up(Settings(data_dir=tmp_path / "var"), archive)
    whole = archive.read_bytes()
    (tmp_path / "new").mkdir()
    refused = 0
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            archive.write_bytes(damaged)
            try:
                restore(Settings(data_dir=tmp_path / "new"), archive, force=True)
            except ArchiveWrong:
                refused += 1
            else:  # a byte that says nothing, as gzip's header has; what is restored is then what was saved
                assert (tmp_path / "new" / "notes.bin").read_bytes() == bytes(range(256)) * 300
    assert refused > 70


def test_a_database_spoilt_or_made_by_a_newer_program_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    open_settings_database(settings).dispose()
    with closing(sqlite3.connect(settings.data_dir / "assistant.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    manifest = ArchiveManifest(made="", program="", database="sqlite", index=None)
    write_archive(tmp_path / "newer.tar.gz", manifest, {"assistant.db": settings.data_dir / "assistant.db"})
    with pytest.raises(DatabaseUnusable, match="plus récente"):
        restore(Settings(data_dir=tmp_path / "new"), tmp_path / "newer.tar.gz")
    (tmp_path / "spoilt").write_bytes(b"SQLite format 3\0" + bytes(5000))
    write_archive(tmp_path / "spoilt.tar.gz", manifest, {"assistant.db": tmp_path / "spoilt"})
    with pytest.raises(ArchiveWrong, match="base est abîmée"):
        restore(Settings(data_dir=tmp_path / "new"), tmp_path / "spoilt.tar.gz")


def test_a_restoration_killed_on_the_way_is_as_before_or_ends_at_the_next_start(
    lived_in: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "s.tar.gz"
    back_up(lived_in, archive)
    outcomes = set()
    for at in range(1, 40):
        settings = Settings(data_dir=tmp_path / f"var-{at}")
        add_conversation(open_settings_database(settings), "before@b.fr")
        StaffAccounts(settings.data_dir).add("dominique", PASSWORD)
        with monkeypatch.context() as patch:
            killed = _killed_at_rename(patch, at)
            with suppress(Killed):
                restore(settings, archive, force=True)
        finish_swap(settings.data_dir)
        outcome = (read_people(settings)[0][0], *StaffAccounts(settings.data_dir).list_names())
        outcomes.add(outcome)
        assert outcome in (("a@b.fr", "camille"), ("before@b.fr", "dominique"))
        if not killed:
            break
    assert len(outcomes) == 2


class Killed(BaseException):
    """As if the program were killed: nothing after it happens."""


def _killed_at_rename(patch: pytest.MonkeyPatch, at: int) -> list[str]:
    """From the `at`-th rename on nothing more happens on the disk; what is returned tells whether it came to that."""
    stock, seen, killed = Path.rename, [0], []

    def rename(path: Path, target: Path) -> Path:
        seen[0] += 1
        if seen[0] >= at:
            killed.append(str(path))
            patch.setattr("shutil.rmtree", lambda *_a, **_k: None)
            raise Killed
        return stock(path, target)

    patch.setattr(Path, "rename", rename)
    return killed


def test_a_spoiled_index_is_saved_with_the_rest_and_the_command_says_so(own_data_dir: Path, tmp_path: Path) -> None:
    data = make_data_dir(tmp_path, indexed=own_data_dir)
    spoil(next((data / "index" / str(FolderStore(data / "index").current())).rglob("tokens.npy")))
    archive = tmp_path / "kept.tar.zst"
    done = run_assistant("backup", str(archive), ASSISTANT_DATA_DIR=str(data))
    assert done.returncode == 2
    assert archive.exists()
    assert "tokens.npy a changé" in done.stderr
    assert "gardez les sauvegardes d'avant" in done.stderr.replace("\n", " ")


def test_verifying_a_version_that_is_not_there_names_those_that_are(own_data_dir: Path) -> None:
    index_dir = own_data_dir / "index"
    with pytest.raises(IndexMissing, match=f"'2020' inconnue. Versions gardées : .*{FolderStore(index_dir).current()}"):
        FolderStore(index_dir).verify("2020")


def test_the_command_line_says_what_was_done_and_what_to_do(tmp_path: Path) -> None:
    data = {"ASSISTANT_DATA_DIR": str(tmp_path / "var")}
    missing = run_assistant("backup", str(tmp_path / "s.tar.zst"), **data)
    assert (missing.returncode, "Il n'y a pas de dossier de données" in missing.stderr) == (2, True)
    StaffAccounts(tmp_path / "var").add("camille", PASSWORD)
    done = run_assistant("backup", str(tmp_path / "s.tar.zst"), "--json", **data)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["index"] is None
    refused = run_assistant("restore", str(tmp_path / "s.tar.zst"), **data)
    assert (refused.returncode, "--force" in refused.stderr) == (2, True)
    restored = run_assistant("restore", str(tmp_path / "s.tar.zst"), "--force", **data)
    assert restored.returncode == 0, restored.stderr
    assert "Lancez : assistant reindex" in restored.stdout


@pytest.fixture
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A disk of so many kilobytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={request.param}k", "tmpfs", str(disk)]
    if subprocess.run(mounted, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let tests make a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=False)


def large(folder: Path) -> Settings:
    (folder / "adapters").mkdir(parents=True)
    (folder / "adapters" / "a.bin").write_bytes(os.urandom(2_000_000))
    settings = Settings(data_dir=folder)
    add_conversation(open_settings_database(settings))
    return settings


@pytest.mark.parametrize(
    "small_disk", [40, 400, 2_600], ids=["the database", "the files", "the archive"], indirect=True
)
@pytest.mark.parametrize("suffix", [".tar.zst", ".tar.gz"])
def test_a_full_disk_is_said_and_nothing_is_left_on_it(small_disk: Path, tmp_path: Path, suffix: str) -> None:
    with pytest.raises(ArchiveWrong, match="est plein : rien n'est sauvegardé"):
        back_up(large(tmp_path / "var"), small_disk / f"a{suffix}")
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize("small_disk", [400], indirect=True)
def test_the_command_ends_in_one_sentence_when_the_disk_is_full(small_disk: Path, tmp_path: Path) -> None:
    data_dir = large(tmp_path / "var").data_dir
    done = run_assistant("backup", str(small_disk / "a.tar.zst"), ASSISTANT_DATA_DIR=str(data_dir))
    assert done.returncode == 2
    assert done.stderr.startswith(f"Le disque de {str(small_disk)!r} est plein : rien n'est sauvegardé.")
    assert done.stderr.count("\n") == 1
    assert list(small_disk.iterdir()) == []
