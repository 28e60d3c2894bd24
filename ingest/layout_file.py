"""Layout file: a layout as TOML, with nothing that goes without saying, for staff to read and change."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ingest.layout import Layout

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write_layout(layout: Layout) -> str:
    """The layout as a TOML file, which `read_layout` reads."""
    content = layout.model_dump(mode="json", exclude_defaults=True)
    return "\n".join(_write_table(content, "")).strip() + "\n"


def _write_table(table: Mapping[str, object], path: str) -> Iterator[str]:
    """The plain keys of a table first, then the tables in it, each under its own title."""
    plain = {key: value for key, value in table.items() if not _is_table(value) and not _is_tables(value)}
    yield from (f"{_write_key(key)} = {_write_value(value)}" for key, value in plain.items() if value is not None)
    for key, value in table.items():
        inner = f"{path}.{_write_key(key)}" if path else _write_key(key)
        if isinstance(value, Mapping):
            yield f"\n[{inner}]"
            yield from _write_table(value, inner)
        elif _is_tables(value):
            for each in value:  # type: ignore[attr-defined] # a list of tables
                yield f"\n[[{inner}]]"
                yield from _write_table(each, inner)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and all(map(_is_table, value))


def _write_key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _write_text(key)


def _write_text(text: str) -> str:
    # A JSON text is a TOML text, but for one character that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _write_value(value: object) -> str:
    if isinstance(value, str):
        return _write_text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_write_value, value))}]"
    return str(value)
