import re
import time

from adversarial import KINDS, Used, fill, find_patterns, spoil

LENGTH = 20_000
_LENGTHS = (LENGTH // 10, LENGTH // 5, LENGTH // 5 * 2, LENGTH)
_ALLOWED = 0.05  # seconds of processor time
_REFERENCE = 0.05  # that squaring a million numbers took where that was measured


def _longest() -> float:
    """50 ms of processor time, more while the machine is slower or busier than the one where that was measured."""
    start = time.thread_time()
    sum(number * number for number in range(1_000_000))
    return _ALLOWED * max(1.0, (time.thread_time() - start) / _REFERENCE)


def _seconds(used: Used, text: str) -> float:
    start = time.thread_time()
    used.read(text)
    return time.thread_time() - start


def _is_slow(used: Used, text: str, seconds: float) -> bool:
    """Whether a pattern that took so long takes too long, each time of three: the machine may do something else."""
    return seconds > _ALLOWED and all(_seconds(used, text) > _longest() for _ in range(2))


def _make_texts(used: Used, length: int) -> list[str]:
    return [*(fill(kind, length, end="\x00") for kind in KINDS), *spoil(used.pattern, length)]


def _find_slow(used: Used) -> str:
    """What a pattern reads too slowly, "" when it reads nothing so.

    Texts of a tenth come first, then longer ones: slow ones tell soon. Where one takes so little that the whole text
    takes less than is allowed even if its time grows as the cube of its length, the longer ones are not read.
    """
    for lengthened in zip(*(_make_texts(used, length) for length in _LENGTHS), strict=True):
        for text in lengthened:
            seconds = _seconds(used, text)
            if _is_slow(used, text, seconds):
                return f"{used.where}: {text[:40]!r}, {len(text)} characters"
            if seconds < _ALLOWED * (len(text) / LENGTH) ** 3:
                break
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
