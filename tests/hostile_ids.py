"""Names of sessions, threads, elements and files as an attacker writes them, and whether a tree was touched."""

import os
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from hypothesis import strategies as st

_SLASHES = ["/", "//", "\\", "%2f", "%252f", "\u2215", "\u2044", "\uff0f", "/./"]
_STEPS = ["..", ".", "...", "..;", "%2e%2e", "\u2024\u2024", "\uff0e\uff0e", "~", "", " ", "\0", "\n", "*", "canari"]
_TAILS = ["", "/", "\0", "\n", " ", ".", "\u202e", "\ud800", "/..", "%00", "?a", "#", "a" * 5000]


def hostile_ids(canary: Path) -> st.SearchStrategy[object]:
    """Whatever is not the random identifier that a page makes, most of it on the way to a folder that must stay."""
    known = [
        str(canary),
        str(canary.parent),
        f"/proc/self/cwd/{canary.name}",
        f"../../{canary.name}",
        "",
        ".",
        "..",
        "/",
    ]
    known += ["/proc/self/cwd/var", "/proc/self/root", "NUL", "con", f"file://{canary}", f"{uuid4()}/../..", "~"]
    known += [up + str(canary) for up in ("..", "../" * 12, "/../", "\0", "\ud800")] + ["../" * n for n in range(1, 12)]
    aimed = st.tuples(st.sampled_from(known), st.sampled_from(_TAILS)).map("".join)
    walked = st.tuples(st.lists(st.sampled_from(_STEPS), min_size=1, max_size=12), st.sampled_from(_SLASHES))
    almost = st.tuples(st.sampled_from(["", " ", "/", "{", "urn:uuid:"]), st.uuids(), st.sampled_from(_TAILS[1:]))
    texts = st.one_of(
        aimed,
        aimed.map(lambda told: quote(told, safe="", errors="surrogatepass")),
        walked.map(lambda told: told[1].join(told[0])),
        almost.map(lambda told: "".join(map(str, told))),
        st.uuids().map(lambda told: str(told).upper() + "A"),
        st.text(st.characters(codec=None), max_size=80),
    )
    return st.one_of(texts, st.sampled_from([None, 0, 7, True, 1.5, [], ["a"], {}, {"a": 1}]))


def aimed_ids(canary: Path) -> st.SearchStrategy[object]:
    """Those for a real server: should a guard fail, they lead to the canary or nowhere."""
    known = [str(canary), f"{canary}/", f"{canary}/dessous", f"/proc/self/root{canary}", f"{canary}/../{canary.name}"]
    known += ["../" * 12 + str(canary)[1:], quote(str(canary), safe=""), f"{canary}\0", f"{canary}\n", f" {canary}"]
    odd = [
        "a" * 5000,
        "\ud800",
        "\0",
        "\n",
        "{}",
        f"{uuid4()}\n",
        f"{uuid4()} ",
        str(uuid4()).upper(),
        "\uff0e\uff0e",
        "%2e%2e",
    ]
    return st.one_of(st.sampled_from([*known, *odd]), st.sampled_from([None, 0, 7, True, 1.5, [], ["a"], {}, {"a": 1}]))


def snapshot(folder: Path) -> object:
    """The names, sizes and times of all that a folder holds."""
    empty_or_file = [path for path in folder.rglob("*") if not path.is_dir() or not os.listdir(path)]
    told = [(str(path.relative_to(folder)), path.lstat().st_size, path.lstat().st_mtime_ns) for path in empty_or_file]
    return sorted(told), folder.is_dir()
