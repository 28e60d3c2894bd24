"""Source list: where sheets come from, each source with its layout, its access and its passwords."""

import tomllib
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError

from ingest.layout import toml_place
from ingest.plain_toml import load_toml
from ingest.refusal import Refusal
from ingest.sheet import Access, Frozen


class SourceListWrong(Refusal):
    """A list of sources cannot be read; the message says where and why, in French."""


class Source(Frozen):
    """One place where sheets come from. Without a layout, the columns decide.

    `access` is who may read its sheets; members' documents are the members' whatever it says.
    `prefix` goes before its sheets' ids, for sources whose numbers are the same; `private` lets its address be one
    of this machine's own network.
    """

    address: str
    layout: str = ""
    access: Access = "public"
    prefix: str = ""
    private: bool = False
    pdf_dir: str = ""
    pdf_passwords: dict[str, SecretStr] = Field(default_factory=dict)


class _SourceList(Frozen):
    source: tuple[Source, ...]


def read_source_list(path: Path) -> list[Source]:
    """The sources of a TOML file, or raise SourceListWrong. Relative paths start from the file's folder."""
    try:
        sources = _SourceList.model_validate(load_toml(path.read_text(encoding="utf-8-sig"))).source
    except tomllib.TOMLDecodeError as error:
        where = toml_place(error)
        raise SourceListWrong(f"Liste de sources {str(path)!r} : ce n'est pas du TOML correct{where}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceListWrong(f"Liste de sources {str(path)!r} illisible ({error}).") from error
    except ValidationError as error:
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        where = ".".join(f"n° {part + 1}" if isinstance(part, int) else str(part) for part in first["loc"])
        keys = ", ".join(Source.model_fields)
        raise SourceListWrong(
            f"Liste de sources {str(path)!r}, clé {where!r} : clé inconnue, absente ou mal écrite. "
            f'Chaque source s\'écrit [[source]] puis address = "…" ; clés possibles : {keys}. '
            'access vaut "public" ou "members".'
        ) from error
    if not sources:
        raise SourceListWrong(f"Liste de sources {str(path)!r} : elle est vide.")
    return [_from_folder(source, path.parent) for source in sources]


def _from_folder(source: Source, folder: Path) -> Source:
    """The source with its relative paths made absolute; addresses and shipped layouts' names stay."""

    def anchor(written: str) -> str:
        beside = folder / Path(written).expanduser()
        return str(beside) if written and beside.exists() else written

    changes = {name: anchor(getattr(source, name)) for name in ("address", "layout", "pdf_dir")}
    return source.model_copy(update=changes)
