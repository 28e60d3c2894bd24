"""One thread computes, and libraries leave the cores to it."""

import asyncio
import os
import threading

import pytest
from threadpoolctl import threadpool_info

from assistant.process.computing import compute, computing
from index.encoding.sessions import count_threads
from index.opened import Index


def test_all_work_is_done_in_one_thread_be_it_asked_from_several_or_from_itself() -> None:
    def ask_twice() -> tuple[str, str]:
        return threading.current_thread().name, compute(lambda: threading.current_thread().name)

    async def ask_together() -> list[tuple[str, str]]:
        return list(await asyncio.gather(*(computing(ask_twice) for _ in range(5))))

    names = {name for pair in [compute(ask_twice), *asyncio.run(ask_together())] for name in pair}
    assert len(names) == 1
    assert names != {threading.current_thread().name}


def test_an_error_of_the_work_reaches_whoever_asked() -> None:
    with pytest.raises(ZeroDivisionError):
        compute(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(computing(lambda: 1 // 0))


def test_once_an_index_is_open_numpy_keeps_to_one_thread(real_index: Index) -> None:
    assert real_index.sheets
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert pools
    assert {pool["num_threads"] for pool in pools} == {1}


def test_the_model_has_the_threads_that_were_asked_for_else_the_cores_of_this_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for asked in ("3", "3,2"):
        monkeypatch.setenv("OMP_NUM_THREADS", asked)
        assert count_threads() == 3
    for unset in ("", "0", "auto"):
        monkeypatch.setenv("OMP_NUM_THREADS", unset)
        assert count_threads() == len(os.sched_getaffinity(0))
