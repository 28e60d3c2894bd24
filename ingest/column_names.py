"""Column names of a layout: one column, several joined ("Nom + Prénom"), or one value for every row ("= Lyon")."""

from collections.abc import Iterable

_JOINED, _CONSTANT = " + ", "="


def split_joined(name: str) -> tuple[str, ...]:
    """The columns that a name joins; itself when it joins none."""
    return tuple(part.strip() for part in name.split(_JOINED) if part.strip())


def read_constant(name: str) -> str:
    """The value that stands for every row where a name is none of a column; "" when it is one."""
    return name.removeprefix(_CONSTANT).strip() if name.startswith(_CONSTANT) else ""


def join_names(names: Iterable[str]) -> str:
    """The name that stands for these columns together."""
    return _JOINED.join(names)


def list_columns(family: Iterable[str]) -> tuple[str, ...]:
    """The columns that a family of names reads, each once: a name as it is written first, then what it joins."""
    names = [name for name in family if not read_constant(name)]
    return tuple(dict.fromkeys(part for name in names for part in (name, *split_joined(name))))
