"""YAML as staff write it: values and nodes without aliases, which could stand for any number of copies, nor depth."""

from typing import Any

import yaml
from yaml.composer import ComposerError

_LONGEST_FRONT = 20_000  # characters
_DEEPEST = 20  # lists in lists: what is written by hand has two or three


class PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader, which refuses aliases and too many levels as errors of what is written."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:  # noqa: ANN401 - as PyYAML says
        """A node of the text, or raise ComposerError."""
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call] # PyYAML's stubs leave it out
        if isinstance(event, yaml.AliasEvent):
            raise _refuse("aliases are not read", event)
        if self._depth == _DEEPEST:
            raise _refuse("too many levels", event)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


def _refuse(reason: str, event: yaml.Event) -> ComposerError:
    return ComposerError(None, None, reason, event.start_mark)  # type: ignore[arg-type] # the stubs know one kind of mark


def load_yaml(text: str) -> object:
    """What a text says, or raise yaml.YAMLError."""
    return yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a SafeLoader


class _TextLoader(PlainLoader):
    """The same, where a value is the text that is written: 0012 and 01000 are no numbers, nor 2026-13-45 a date."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's
        first: [(tag, pattern) for tag, pattern in pairs if tag.endswith(":null")]
        for first, pairs in PlainLoader.yaml_implicit_resolvers.items()
    }


def load_yaml_texts(text: str) -> object:
    """What a text says, each value as it is written and None where there is none; or raise yaml.YAMLError."""
    return yaml.load(text, Loader=_TextLoader)  # noqa: S506 - a SafeLoader


def split_front(text: str, fence: str = "---") -> tuple[str | None, str]:
    """The front matter of a Markdown text, between its first two lines "---", and what follows; None without one.

    Blank lines may stand before it; they stay in it, so that its lines keep their numbers.
    """
    lines = text.split("\n")
    first = next((row for row, line in enumerate(lines) if line.strip()), 0)
    fences = [row for row, line in enumerate(lines) if line.rstrip() == fence][:2]
    is_first = len(fences) > 1 and fences[0] == first
    front = "\n" * first + "\n".join(lines[first + 1 : fences[1]]) if is_first else None
    if front is None or len(front) > _LONGEST_FRONT:
        return None, text
    return front, "\n".join(lines[fences[1] + 1 :])
