"""Patterns of the packages, and texts made to slow each of them down: runs of what it repeats, then broken."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

from language.grammar import LANGUAGES, Grammar, read_section, sections

_PACKAGES = ("assistant", "index", "ingest", "language")
_CALLS = {"search", "match", "fullmatch", "sub", "split", "findall", "finditer"}
_USE = re.compile(r"(\w+)(?:\[[^\]]*\])?\.(search|match|fullmatch|sub|split|findall|finditer)\(")
_ONCE = {"match", "fullmatch"}  # what starts at one place of a text
_NOT_READ = {"assistant.chat.mount", "assistant.chat.bundle"}  # they read what Chainlit ships, which nobody writes
_ENDS = ("\x00", " Zz9")  # that no pattern waits for, and that some do
_OF_A_CLASS = {
    codes.CATEGORY_DIGIT: "7",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_NOT_WORD: " ",
}
KINDS = (
    *(" ", "a", "7", "a ", "7 ", "de ", "1 1 1 ", "a@", "a.", "a-", "a_", "d'", "é", "\n", "\t \n", "- a\n", "1. a\n"),
    *(",", ", ", "«", "« ", "(", "([{", ")", "*", "`", "**a** ", "[1]", "[1] ", "http://a.", "www.a.", "+33 6 ", "A"),
    *("Aa ", "Aa de ", "AA", "’a ", "20 000 ", "2019 ", "19 19-", "€ ", "!?", ". ", "…", "_ _ ", "|", "<", "\\", "&a;"),
    *("plus de 1 000 000 ", "un deux ", "et pas ", "le la les l'", "entre 1 et ", "je suis "),
)


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and by which methods it reads."""

    where: str
    pattern: re.Pattern[str]
    uses: frozenset[str]

    def read(self, text: str) -> None:
        """Read a text to its end in each way in which this pattern is used."""
        for use in self.uses & _ONCE:
            getattr(self.pattern, use)(text)
        if self.uses - _ONCE or not self.uses:
            for _ in self.pattern.finditer(text):
                pass


def find_patterns() -> list[Used]:
    """The patterns of all modules, in their names or given to `re` in their functions, and those of the files of
    languages.
    """
    found: dict[tuple[str, int], Used] = {}
    for name in _module_names():
        if name in _NOT_READ:
            continue
        module = importlib.import_module(name)
        for used in (*_held(module), *_inline(module)):
            key = (used.pattern.pattern, used.pattern.flags)
            known = found.get(key, used)
            found[key] = Used(known.where, used.pattern, known.uses | used.uses)
    return [*found.values(), *_find_entries()]


def _find_entries() -> Iterator[Used]:
    """The patterns of the files of languages."""
    for language in LANGUAGES:
        for section in sections(language):
            for name in read_section(section, language).entries:
                pattern = Grammar(section).pattern(name, language)
                assert pattern
                yield Used(f"{language}.toml {section}.{name}", pattern, frozenset(["finditer"]))


def _module_names() -> Iterator[str]:
    for package in _PACKAGES:
        root = importlib.import_module(package)
        for each in pkgutil.walk_packages(root.__path__, f"{package}."):
            yield each.name


def _source(module: ModuleType) -> str:
    with open(module.__file__ or "", encoding="utf-8") as file:
        return file.read()


def _held(module: ModuleType) -> Iterator[Used]:
    uses: dict[str, set[str]] = {}
    for name, use in _USE.findall(_source(module)):
        uses.setdefault(name, set()).add(use)
    for name, value in vars(module).items():
        for pattern in () if name.startswith("__") else _patterns_in(value):
            known = uses.get(name, set()) if isinstance(value, re.Pattern) else set()
            yield Used(f"{module.__name__}.{name}", pattern, frozenset(known))


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _patterns_in(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _patterns_in(each)
    elif isinstance(value, type) and value.__module__.split(".")[0] in _PACKAGES:
        for name, each in vars(value).items():
            if not name.startswith("__") and isinstance(each, re.Pattern | dict | tuple | list):
                yield from _patterns_in(each)


def _inline(module: ModuleType) -> Iterator[Used]:
    """Those of calls to `re`, as far as their words are known to the module."""
    for node in ast.walk(ast.parse(_source(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CALLS:
            of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if of_re and isinstance(pattern := _evaluate(node, module), str):
                flags = re.IGNORECASE if "IGNORECASE" in ast.dump(node) else 0
                yield Used(f"{module.__name__}:{node.lineno}", re.compile(pattern, flags), frozenset([node.func.attr]))


def _evaluate(node: ast.Call, module: ModuleType) -> Any:
    expression = ast.Expression(node.args[0])
    try:
        return eval(compile(expression, "pattern", "eval"), vars(module))
    except NameError:  # made of what a function was given
        return None


def spoil(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Texts of this length: each thing that the pattern repeats, many times after what leads to it, then broken."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    seen: dict[str, None] = {}
    for lead, body in _repeats(tree, ""):
        for pump in dict.fromkeys((body, f"{lead}{body}", f"{body} ", f"{lead} ")):
            for start in dict.fromkeys((lead, "")):
                for end in _ENDS if pump else ():
                    seen[fill(pump, length, start, end)] = None
    whole = _least(tree)
    for pump in (whole, f"{whole} ", f"{whole}, "):
        for end in _ENDS if pump.strip() else ():
            seen[fill(pump, length, end=end)] = None
    yield from seen


def fill(pump: str, length: int, start: str = "", end: str = "") -> str:
    """A text of this length made of one piece again and again."""
    return f"{start}{pump * (length // len(pump) + 1)}"[: length - len(end)] + end


def _repeats(tree: Any, lead: str) -> Iterator[tuple[str, str]]:
    """What leads to each repeat of a pattern, and once what it repeats."""
    for operator, value in tree:
        if operator in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            _, most, body = value
            if most > 1:
                for each in _some(body):
                    yield lead, each
            yield from _repeats(body, lead)
        elif operator is codes.BRANCH:
            for each in value[1]:
                yield from _repeats(each, lead)
        elif operator is codes.SUBPATTERN:
            yield from _repeats(value[3], lead)
        elif operator is codes.ATOMIC_GROUP:
            yield from _repeats(value, lead)
        elif operator in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _repeats(value[1], lead)
        lead += _least([(operator, value)])


def _some(body: Any) -> list[str]:
    """What a body may be, in a few ways: once in its shortest form, and by the ends of its classes."""
    return list(dict.fromkeys(each for each in (_least(body), _least(body, last=True)) if each))


def _least(tree: Any, *, last: bool = False) -> str:
    """A short text that fits a pattern, its assertions apart; by the `last` of several ways if so."""
    return "".join(_one(operator, value, last) for operator, value in tree)


def _one(operator: Any, value: Any, last: bool) -> str:  # noqa: PLR0911 - one for each kind of node
    if operator is codes.LITERAL:
        return chr(value)
    if operator is codes.NOT_LITERAL:
        return "a" if chr(value) != "a" else "b"
    if operator is codes.ANY:
        return "a"
    if operator is codes.IN:
        return _of_class(value, last)
    if operator in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return _least(value[2], last=last) * max(value[0], 1 if last else 0)
    if operator is codes.SUBPATTERN:
        return _least(value[3], last=last)
    if operator is codes.ATOMIC_GROUP:
        return _least(value, last=last)
    if operator is codes.BRANCH:
        return _least(value[1][-1 if last else 0], last=last)
    return ""


def _of_class(items: Any, last: bool) -> str:
    if items[0][0] is codes.NEGATE:
        refused = re.compile(_class_pattern(items))
        return next((each for each in ("a ;7\x01" if not last else " ;a7\x01") if refused.fullmatch(each)), "\x02")
    operator, value = items[-1 if last else 0]
    if operator is codes.LITERAL:
        return chr(value)
    if operator is codes.RANGE:
        return chr(value[1 if last else 0])
    return _OF_A_CLASS.get(value, "a")


def _class_pattern(items: Any) -> str:
    names = {
        codes.CATEGORY_DIGIT: r"\d",
        codes.CATEGORY_SPACE: r"\s",
        codes.CATEGORY_WORD: r"\w",
        codes.CATEGORY_NOT_DIGIT: r"\D",
        codes.CATEGORY_NOT_SPACE: r"\S",
        codes.CATEGORY_NOT_WORD: r"\W",
    }
    parts = []
    for operator, value in items[1:]:
        if operator is codes.LITERAL:
            parts.append(re.escape(chr(value)))
        elif operator is codes.RANGE:
            parts.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        else:
            parts.append(names[value])
    return f"[^{''.join(parts)}]"
