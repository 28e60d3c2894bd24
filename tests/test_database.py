import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, delete, insert, select, text

from assistant.settings import ROOT, Settings
from assistant.store.database import DatabaseUnusable, _last_revision, open_database, open_settings_database
from assistant.store.tables import conversations, make_id, members, metadata

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def add_member(engine: Engine, email: str = "a@b.fr") -> str:
    member = make_id()
    with engine.begin() as connection:
        row = {"id": member, "email": email, "name": "", "origin": "staff", "created": NOW}
        connection.execute(insert(members).values(row))
    return member


def test_migrations_make_the_tables_that_the_code_expects(database: Engine) -> None:
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_last_migration_is_known_by_its_file_as_alembic_knows_it() -> None:
    script = ScriptDirectory(str(ROOT / "assistant" / "store" / "migrations"))
    assert script.get_current_head() == _last_revision()


def test_a_moment_comes_back_in_utc_whatever_it_was_written_in(database: Engine) -> None:
    paris = timezone(timedelta(hours=1))
    with database.begin() as connection:
        row = {"id": make_id(), "email": "m@b.fr", "name": "", "origin": "staff", "created": NOW.astimezone(paris)}
        connection.execute(insert(members).values(row))
        assert connection.scalar(select(members.c.created)) == NOW


def test_what_belongs_to_a_member_goes_with_them(database: Engine) -> None:
    member = add_member(database)
    with database.begin() as connection:
        row = {"id": make_id(), "member_id": member, "title": "Jeunes", "started": NOW, "updated": NOW}
        connection.execute(insert(conversations).values(row))
        connection.execute(delete(members).where(members.c.id == member))
        assert connection.execute(select(conversations)).all() == []


def test_opening_again_keeps_what_is_there(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    member = add_member(open_settings_database(settings))
    with open_settings_database(settings).connect() as connection:
        assert connection.scalar(select(members.c.id)) == member


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    add_member(open_settings_database(Settings(data_dir=tmp_path)))
    for file in tmp_path.glob("assistant.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_an_error_does_not_tell_what_people_wrote(database: Engine) -> None:
    add_member(database, "secret@b.fr")
    with pytest.raises(Exception) as wrong:  # noqa: PT011 - two databases, two classes
        add_member(database, "secret@b.fr")
    assert "UNIQUE" in str(wrong.value).upper()
    if database.dialect.name == "sqlite":  # PostgreSQL's own message tells the key, hence no such text in logs
        assert "secret@b.fr" not in str(wrong.value)


@pytest.mark.parametrize("url", ["mysql://a/b", "pas une adresse", "sqlite://", "postgresql+nothing:///x?y"])
def test_an_address_of_another_kind_is_refused_in_plain_words(url: str) -> None:
    with pytest.raises(DatabaseUnusable, match=r"ASSISTANT_DATABASE_URL|ne répond pas"):
        open_database(url)


def test_a_database_that_is_not_there_is_told_without_its_password() -> None:
    with pytest.raises(DatabaseUnusable, match="ne répond pas") as wrong:
        open_database("postgresql://someone:hidden@127.0.0.1:1/base")
    assert "hidden" not in str(wrong.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "assistant.db").write_text("bonjour, je ne suis pas une base de données du tout " * 50)
    with pytest.raises(DatabaseUnusable, match=r"assistant\.db ne s'ouvre pas"):
        open_settings_database(Settings(data_dir=tmp_path))


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_database(url).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnusable, match="plus récente"):
        open_database(url)
