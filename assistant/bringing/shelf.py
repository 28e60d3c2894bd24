"""Shelf: the tables that staff brought, each version of one in a folder of its own; which are read is one list.

brought/KEY/about.json, layout.toml, files/…    a table as it was brought, never changed once it is in service
brought/in_service.json                         the keys that the version in service was made of
brought/versions/VERSION.json                   the same for each version, to go back to it
brought/plans/TOKEN.json                        the keys that a next version would be made of
"""

import json
import secrets
import shutil
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from assistant.bringing.file_names import find_kind, tidy_file_name
from assistant.credentials.private_file import write_private
from ingest.column_plan import ColumnPlan, compose_layout
from ingest.layout import Layout, read_layout
from ingest.layout_file import write_layout
from ingest.refusal import Refusal
from ingest.sheet import Access, Frozen
from ingest.source_list import Source
from language.letters import slug

_DRAFTS, _DRAFT_LASTS = 20, timedelta(days=30)
_LARGEST = 50_000_000  # bytes of a file: what the readers take
_TEXTS = "multibao"  # the delivered layout that reads a folder of Markdown texts
_WRONG_KIND = (
    "Le fichier « {name} » n'est pas d'une forme qui se lit ici. Apportez un tableau (.csv, .csv.gz, .tsv, .xlsx, "
    ".ods, .xls), avec les PDF qu'il annonce si vous en avez, ou des textes Markdown (.md)."
)


class BroughtWrong(Refusal):
    """What staff brought, or ask of it, cannot be; the message says why and how to mend it, in French."""


class Brought(Frozen):
    """A table as it was brought once; `name` is the same for those that replace one another, `key` is its own.

    `plans` say what each column is, unless a delivered `layout` reads it. `instead`: the settings' own sources are not
    read while it is in service. `titles_differ`: no two rows had the same title when it was first brought.
    """

    key: str
    name: str
    title: str
    file: str = ""  # the table; "" for a folder of texts
    added: str
    layout: str = ""
    plans: tuple[ColumnPlan, ...] = ()
    titles_differ: bool = False
    instead: bool = False
    access: Access = "public"


class Plan(Frozen):
    """The tables that a next version would be made of, and those in service when it was made."""

    base: tuple[str, ...]
    keys: tuple[str, ...]


class Shelf:
    """The tables brought to a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "brought"

    def add(self, title: str, files: Sequence[tuple[str, IO[bytes]]], replaced: Brought | None = None) -> Brought:
        """Keep files as a table to describe, or raise BroughtWrong."""
        names = _check_names([name for name, _ in files])
        tables = [name for name in names if find_kind(name) == "table"]
        name = replaced.name if replaced else self._free_name(slug(title)[:40] or "tableau")
        key = f"{name}-{secrets.token_hex(4)}"
        brought = Brought(
            key=key,
            name=name,
            title=title,
            file=tables[0] if tables else "",
            added=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            layout="" if tables else _TEXTS,
        )
        if replaced:
            kept = replaced.model_dump(
                include={"titles_differ", "instead", "access"} | ({"layout"} if tables else set())
            )
            brought = brought.model_copy(update=kept)
        self._forget_drafts()
        try:
            self._write_files(brought, [(tidy, file) for tidy, (_, file) in zip(names, files, strict=True)])
            self.note(brought)
        except BaseException:
            self.remove(key)
            raise
        return brought

    def save(self, brought: Brought) -> None:
        """Keep what is said of a table that no version is made of, and its layout; or raise BroughtWrong, PlanWrong."""
        if brought.key in self._list_used():
            raise BroughtWrong(
                "Ce tableau a déjà été mis en service : apportez-le de nouveau pour le décrire autrement."
            )
        if not brought.layout:
            text = write_layout(self.compose(brought))
            (self._folder_of(brought.key) / "layout.toml").write_text(text, encoding="utf-8")
        self.note(brought)

    def note(self, brought: Brought) -> None:
        """Keep what is said of a table that was just brought, though it may make no layout yet."""
        write_private(self._folder_of(brought.key) / "about.json", brought.model_dump_json())

    def compose(self, brought: Brought) -> Layout:
        """The layout of a table, or raise PlanWrong or LayoutWrong."""
        if brought.layout:
            return read_layout(brought.layout)
        return compose_layout(brought.plans, brought.name, brought.title, titles_differ=brought.titles_differ)

    def find(self, key: str) -> Brought | None:
        """The table with this key."""
        if not key.replace("-", "").isalnum():
            return None
        try:
            return Brought.model_validate_json((self._folder_of(key) / "about.json").read_bytes())
        except (OSError, ValidationError):
            return None

    def path_of(self, brought: Brought) -> Path:
        """The table's file, or the folder of texts."""
        return self._folder_of(brought.key) / "files" / brought.file

    def source_of(self, brought: Brought) -> Source:
        """The table as a source of sheets. Beside others, its name goes before its ids: numbers are anyone's."""
        folder = self._folder_of(brought.key)
        return Source(
            address=str(self.path_of(brought).resolve()),
            layout=brought.layout or str((folder / "layout.toml").resolve()),
            access=brought.access,
            prefix="" if brought.instead else brought.name,
        )

    def list_in_service(self) -> tuple[Brought, ...]:
        """The tables that the version in service was made of."""
        return self._find_all(self._list_keys())

    def list_drafts(self) -> tuple[Brought, ...]:
        """The tables that were brought and are not in service, those of versions before among them; newest first."""
        used = self._list_keys()
        drafts = (self.find(path.parent.name) for path in self._folder.glob("*/about.json"))
        return tuple(
            sorted((each for each in drafts if each and each.key not in used), key=lambda each: each.added)[::-1]
        )

    def remove(self, key: str) -> bool:
        """Forget a table; False for one that a version which is kept is made of, and which stays."""
        if key in self._list_used():
            return False
        shutil.rmtree(self._folder_of(key), ignore_errors=True)
        return True

    def plan(self, added: Brought | None = None, removed: str = "") -> str:
        """The token of a plan: what is in service, with a table in the place of those of its name, without another."""
        now = self.list_in_service()
        gone = {added.name if added else "", removed}
        keys = [each.key for each in now if each.name not in gone]
        token = secrets.token_hex(8)
        plan = Plan(base=tuple(each.key for each in now), keys=(*keys, *([added.key] if added else [])))
        self._write(self._folder / "plans" / f"{token}.json", plan.model_dump_json())
        return token

    def read_plan(self, token: str) -> tuple[Brought, ...]:
        """The tables of a plan, or raise BroughtWrong when what it started from is not in service any more."""
        try:
            plan = Plan.model_validate_json((self._folder / "plans" / f"{slug(token)}.json").read_bytes())
        except (OSError, ValidationError) as error:
            raise BroughtWrong("Cet essai n'est plus gardé : recommencez-le depuis « Tableaux ».") from error
        tables = self._find_all(plan.keys)
        if plan.base != self._list_keys() or len(tables) != len(plan.keys):
            raise BroughtWrong(
                "D'autres tableaux ont été mis en service depuis cet essai : recommencez-le depuis « Tableaux »."
            )
        return tables

    def put_in_service(self, tables: Iterable[Brought], version: str) -> None:
        """Note that a version, which is in service, was made of these tables."""
        keys = json.dumps([each.key for each in tables])
        self._write(self._folder / "versions" / f"{version}.json", keys)
        self._write(self._folder / "in_service.json", keys)

    def go_back(self, version: str) -> None:
        """The tables of a version that is back in service are read again; none when nothing was brought to it."""
        if self._folder.is_dir():
            keys = self._read_keys(self._folder / "versions" / f"{version}.json")
            self._write(self._folder / "in_service.json", json.dumps(keys))

    def forget_versions(self, kept: Collection[str]) -> None:
        """Forget the tables of versions that are not kept."""
        for path in self._folder.glob("versions/*.json"):
            if path.stem not in kept:
                path.unlink(missing_ok=True)

    def _find_all(self, keys: Iterable[str]) -> tuple[Brought, ...]:
        return tuple(found for key in keys if (found := self.find(key)))

    def _list_keys(self) -> tuple[str, ...]:
        return self._read_keys(self._folder / "in_service.json")

    def _list_used(self) -> set[str]:
        versions = (self._read_keys(path) for path in self._folder.glob("versions/*.json"))
        return {*self._list_keys(), *(key for keys in versions for key in keys)}

    def _read_keys(self, path: Path) -> tuple[str, ...]:
        try:
            return tuple(str(key) for key in json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError):
            return ()

    def _folder_of(self, key: str) -> Path:
        return self._folder / key

    def _free_name(self, wanted: str) -> str:
        taken = {each.name for each in (*self.list_in_service(), *self.list_drafts())}
        return next(name for name in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if name not in taken)

    def _forget_drafts(self) -> None:
        """Drafts that nobody finished make room."""
        oldest = f"{datetime.now(UTC) - _DRAFT_LASTS:%Y-%m-%dT%H:%M:%SZ}"
        for place, draft in enumerate(self.list_drafts(), start=1):
            if place >= _DRAFTS or draft.added < oldest:
                self.remove(draft.key)
        for path in sorted(self._folder.glob("plans/*.json"), key=lambda each: each.stat().st_mtime)[:-_DRAFTS]:
            path.unlink(missing_ok=True)

    def _write_files(self, brought: Brought, files: Iterable[tuple[str, IO[bytes]]]) -> None:
        folder = self._folder_of(brought.key) / "files"
        folder.mkdir(parents=True, mode=0o700)
        for name, content in files:
            with (folder / name).open("xb") as file:
                shutil.copyfileobj(content, file)
                if file.tell() > _LARGEST:
                    raise BroughtWrong(
                        f"« {name} » dépasse {_LARGEST // 1_000_000} Mo : découpez-le en plusieurs fichiers."
                    )

    def _write(self, path: Path, text: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, text)


def _check_names(written: Sequence[str]) -> list[str]:
    """The names that files are kept under, or raise BroughtWrong when they make no table and no texts."""
    names = [tidy_file_name(name) for name in written]
    if wrong := next((name for name, tidy in zip(written, names, strict=True) if not tidy or not find_kind(tidy)), ""):
        raise BroughtWrong(_WRONG_KIND.format(name=wrong[-80:]))
    kinds = [find_kind(name) for name in names]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise BroughtWrong(f"Deux fichiers se nomment « {twice} » : renommez-en un.")
    if kinds.count("table") > 1:
        raise BroughtWrong("Un tableau à la fois : apportez les autres ensuite, chacun sous son nom.")
    if "table" in kinds and "text" in kinds:
        raise BroughtWrong("Un tableau ou des textes Markdown, pas les deux : apportez-les l'un après l'autre.")
    if not {"table", "text"} & set(kinds):
        raise BroughtWrong("Aucun tableau : choisissez un fichier .csv, .xlsx ou .ods, ou des textes .md.")
    return names
