import asyncio
import contextlib
import logging
import time

import pytest
from hostile_questions import Hostile, make_hostile

from assistant.answers.answer import Answer
from assistant.pipeline import Knowledge, stream_answer
from assistant.process.computing import compute
from assistant.reading.message import LONGEST_READING
from assistant.reading.read import read_question
from assistant.reading.reading import Turn
from assistant.serving.served import settle, warm_up
from index.encoding.budget import MOST_READ, Budget, QuestionTooCostly, aside, spend
from index.encoding.encoder import Encoder
from index.opened import Index

_LONGEST = 0.75  # seconds of processor time for one question, on a machine that has nothing else to do
_REFERENCE = 0.05  # of which counting to a million takes this part


@pytest.fixture(scope="module")
def knowledge(real_index: Index, encoder: Encoder) -> Knowledge:
    knowledge = Knowledge(real_index, encoder, model=None, contact="contact@example.org")
    warm_up(knowledge)
    settle()  # as a server does
    return knowledge


@pytest.fixture(scope="module")
def hostile(real_index: Index) -> list[Hostile]:
    return make_hostile(real_index.sheets)


def _slowness() -> float:
    start = time.thread_time()
    sum(number * number for number in range(1_000_000))
    return max(1.0, (time.thread_time() - start) / _REFERENCE)


def _ask(asked: Hostile, knowledge: Knowledge, seconds: float) -> Answer:
    async def last() -> Answer:
        events = [
            event async for event in stream_answer(asked.question, knowledge, history=asked.history, seconds=seconds)
        ]
        assert isinstance(events[-1], Answer)
        return events[-1]

    return asyncio.run(last())


def test_reading_200_hostile_questions_ends_within_the_budget(knowledge: Knowledge, hostile: list[Hostile]) -> None:
    assert len(hostile) == 200

    def read(each: Hostile) -> float:
        start = time.thread_time()
        with contextlib.suppress(QuestionTooCostly):
            Budget(LONGEST_READING).run(read_question, each.question, each.history, knowledge.index)
        return time.thread_time() - start

    slow = [(each.kind, taken) for each in hostile if (taken := compute(read, each)) > LONGEST_READING + 0.1]
    assert slow == []


def test_a_hostile_question_is_answered_within_three_quarters_of_a_second_of_processor_time(
    knowledge: Knowledge, hostile: list[Hostile]
) -> None:
    slow = []
    for each in hostile[::8]:
        start = time.process_time()
        _ask(each, knowledge, LONGEST_READING)
        if (taken := time.process_time() - start) > _LONGEST * _slowness():
            slow.append((each.kind, taken))
    assert slow == []


def test_a_question_beyond_the_budget_is_asked_again_in_fewer_words_and_is_no_error(
    knowledge: Knowledge, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        french = _ask(Hostile("", "Quels budgets participatifs pour les jeunes ?"), knowledge, 0.0)
        english = _ask(Hostile("", "What are the participatory budgets for the young?"), knowledge, 0.0)
    assert (french.abstained, french.kind, french.sheets) == (True, "clarification", ())
    assert "en moins de mots" in french.answer
    assert "in fewer words" in english.answer
    assert caplog.records == []


TOWNS = ("Rennes", "Nantes", "Paris", "Grenoble", "Lyon")


def test_four_places_are_compared_within_the_budget_and_five_after_another_question_are_asked_again(
    knowledge: Knowledge,
) -> None:
    turns = (Turn(query="Quels budgets participatifs pour les jeunes ?"), Turn(query="et en Bretagne ?"))
    # First: what the model read once is not read again.
    more = _ask(Hostile("", f"et compare celui de {', '.join(TOWNS)}", turns), knowledge, LONGEST_READING)
    four = _ask(Hostile("", f"et compare celui de {', '.join(TOWNS[:4])}", turns), knowledge, LONGEST_READING)
    alone = _ask(Hostile("", f"Compare celui de {', '.join(TOWNS)}", ()), knowledge, LONGEST_READING)
    assert (four.kind, alone.kind, more.kind) == ("comparison", "comparison", "clarification")
    assert "en moins de mots" in more.answer


def test_the_model_reads_a_few_texts_for_a_question_and_any_number_for_nobody(encoder: Encoder) -> None:
    def read(count: int, word: str) -> None:
        for number in range(count):
            encoder.encode_question(f"{word} {number}")

    Budget(LONGEST_READING).run(read, MOST_READ, "une")
    with pytest.raises(QuestionTooCostly):
        Budget(LONGEST_READING).run(read, MOST_READ + 1, "deux")
    Budget().run(read, MOST_READ + 1, "trois")
    read(MOST_READ + 1, "quatre")
    long = "mot " * 100
    Budget(LONGEST_READING).run(read, 3, f"{long} cinq")
    with pytest.raises(QuestionTooCostly):
        Budget(LONGEST_READING).run(read, 4, f"{long} six")


def test_an_ordinary_question_is_far_from_the_budget(knowledge: Knowledge) -> None:
    turns = tuple(Turn(query="Quels budgets participatifs pour les jeunes ?") for _ in range(20))
    assert _ask(Hostile("", "et en Bretagne ?", turns), knowledge, LONGEST_READING).kind != "clarification"


def test_what_is_bounded_by_itself_is_not_counted() -> None:
    def work(seconds: float) -> None:
        end = time.thread_time() + seconds
        while time.thread_time() < end:
            pass

    def work_and_spend(seconds: float) -> None:
        work(seconds)
        spend()

    def work_aside() -> None:
        with aside():
            work(0.05)
        spend()

    with pytest.raises(QuestionTooCostly):
        Budget(0.02).run(work_and_spend, 0.05)
    budget = Budget(0.06)
    budget.run(work_and_spend, 0.04)
    with pytest.raises(QuestionTooCostly):
        budget.run(work_and_spend, 0.04)
    Budget(0.02).run(work_aside)
    spend()  # outside of a question there is no budget
