import re
import time

from adversarial import KINDS, Used, fill, find_patterns, spoil

LENGTH = 20_000
_SHORTLY = 0.05 / 1000
_REFERENCE = 0.05  # seconds of processor time that squaring a million numbers took where 50 ms were measured


def _longest() -> float:
    """50 ms of processor time, more while the machine is slower or busier than the one where that was measured."""
    start = time.thread_time()
    sum(number * number for number in range(1_000_000))
    return 0.05 * max(1.0, (time.thread_time() - start) / _REFERENCE)


def _seconds(used: Used, text: str) -> float:
    start = time.thread_time()
    used.read(text)
    return time.thread_time() - start


def _is_slow(used: Used, text: str) -> bool:
    """Whether a pattern takes too long, each time of three: the machine may do something else meanwhile."""
    return _seconds(used, text) > 0.05 and all(_seconds(used, text) > _longest() for _ in range(2))


def _find_slow(used: Used) -> str:
    """What a pattern reads too slowly, "" when it reads nothing so.

    A text of a tenth comes first: slow ones tell soon. Where that took less than a thousandth of what is allowed, the
    whole text takes less than is allowed even if its time grows as the cube of its length, and is not read.
    """
    short, whole = LENGTH // 10, LENGTH
    texts = [(fill(kind, short, end="\x00"), fill(kind, whole, end="\x00")) for kind in KINDS]
    texts += zip(spoil(used.pattern, short), spoil(used.pattern, whole), strict=True)
    for begun, text in texts:
        if _is_slow(used, begun) or (_seconds(used, begun) > _SHORTLY and _is_slow(used, text)):
            return f"{used.where}: {text[:40]!r}, {len(begun)} or {len(text)} characters"
    return ""


def test_every_pattern_reads_20_000_hostile_characters_within_50_ms() -> None:
    used = find_patterns()
    assert len(used) >= 250
    assert [slow for each in used if (slow := _find_slow(each))] == []


def test_hostile_texts_find_patterns_that_backtrack() -> None:
    for pattern in (r"(a+)+b", r"\s+$", r"\d+ habitants", r"a.*b.*c@", r"[\w.]+@\w+\.fr"):
        used = Used("here", re.compile(pattern), frozenset())
        slowest = max((_seconds(used, text), text) for text in spoil(used.pattern, 400 if "(" not in pattern else 24))
        assert slowest[0] > 3 * _seconds(used, fill("zz-", 400)), pattern
