"""What is counted of a visitor, whose turn it is, and what a chat may be sent, without a server."""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import our_environment

from assistant.answers.answer import Answer
from assistant.chat.pace import Paces, _find_longest
from assistant.chat.talk import Talk
from assistant.edge.allowance import Allowance
from assistant.edge.limits import Limits
from assistant.edge.visitor import find_asker, find_visitor
from assistant.process.computing import Asker, asker, compute, computing
from assistant.process.turns import Turns
from assistant.serving.slots import Slots
from assistant.web.costs import find_cost


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def visitor(address: str) -> str:
    return find_visitor({"client": (address, 0)})


@pytest.mark.parametrize(
    "written", ["::ffff:192.0.2.1", "::ffff:c000:201", "64:ff9b::192.0.2.1", "2002:c000:201::1", "2002:c000:201:9::1"]
)
def test_an_ipv4_visitor_is_one_visitor_however_the_address_is_written(written: str) -> None:
    assert visitor(written) == visitor("192.0.2.1")


def test_ipv4_visitors_of_a_socket_of_both_kinds_do_not_share_one_limit() -> None:
    assert visitor("::ffff:192.0.2.1") != visitor("::ffff:192.0.2.2")
    assert visitor("64:ff9b::192.0.2.1") != visitor("64:ff9b::192.0.2.2")
    assert visitor("::ffff:127.0.0.1") == "", "the machine itself"


def test_what_is_no_address_is_counted_too_and_a_zone_does_not_matter() -> None:
    assert visitor("unknown") not in ("", visitor("other"))
    assert visitor("fe80::1%eth0") == visitor("fe80::2%eth1") != ""


def test_each_connection_of_the_machine_itself_has_its_own_turn() -> None:
    assert find_asker({"client": ("127.0.0.1", 1)}) != find_asker({"client": ("127.0.0.1", 2)})
    assert find_asker({"client": ("192.0.2.1", 1)}) == find_asker({"client": ("192.0.2.1", 2)})
    assert find_asker({"client": None})


def test_an_allowance_moves_with_the_clock_and_a_debt_is_waited_for() -> None:
    clock = Clock()
    allowance = Allowance(10, 60, clock)
    assert allowance.wait("ana", 4) == 0
    allowance.spend("ana", 4)
    clock.now += 30
    allowance.spend("ana", 6)
    assert allowance.wait("ana", 1) == 30
    assert allowance.wait("ana", 5) == 60
    assert allowance.wait("bea", 10) == 0
    clock.now += 31
    assert allowance.wait("ana", 4) == 0
    allowance.spend("ana", 25)
    clock.now += 30
    assert allowance.wait("ana", 1) > 0, "more was spent than there was"
    clock.now += 31
    assert allowance.wait("ana", 10) == 0


def test_an_allowance_keeps_little_of_one_who_never_stops_and_of_many_who_come_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assistant.edge.allowance._MOST_KEYS", 100)
    clock = Clock()
    allowance = Allowance(10, 60, clock)
    for _ in range(1_000):
        clock.now += 0.1
        allowance.spend("ana", 1)
    assert len(allowance._spent["ana"]) <= 61
    for number in range(150):
        allowance.spend(str(number), 1)
    assert len(allowance._spent) == 100


def test_what_was_really_computed_for_a_visitor_counts_beside_the_questions() -> None:
    limits = Limits("4/minute", "", 1, 1)
    assert limits.take_questions("ana", "") == 0
    limits.charge("ana", 1.5)
    assert 0 < limits.take_questions("ana", "") <= 60, "four ordinary questions take less than a second"
    assert 0 < limits.take_request("ana", 1) <= 60, "searches wait as questions do"
    assert limits.take_questions("bea", "") == 0
    limits.charge("", 100)
    assert limits.take_request("", 1) == 0


def test_other_requests_are_counted_by_what_they_cost_and_leave_the_questions() -> None:
    limits = Limits("2/minute", "", 1, 1)
    assert [limits.take_request("ana", 20) > 0 for _ in range(3)] == [False, False, True]
    assert limits.take_questions("ana", "") == 0


@pytest.mark.parametrize(
    ("method", "path", "query", "cost"),
    [
        ("GET", "/api/search", "query=climat", 4),
        ("HEAD", "/api/search", "query=climat", 4),
        ("GET", "/api/sheets", "limit=500", 1),
        ("GET", "/api/sheets", "format=docx", 20),
        ("GET", "/api/sheets/12", "", 1),
        ("GET", "/fiches", "", 1),
        ("GET", "/fiches", "q=climat&vue=carte", 4),
        ("GET", "/fiches.docx", "", 20),
        ("GET", "/fiches.csv", "q=climat", 20),
        ("GET", "/fiches/12", "", 1),
        ("GET", "/chiffres", "", 1),
        ("GET", "/chiffres.csv", "", 20),
        ("GET", "/notions/garant", "", 1),
        ("GET", "/verifier", "", 1),
        ("POST", "/verifier", "", 20),
        ("POST", "/api/check", "", 0),
        ("GET", "/api/notions", "", 1),
        ("POST", "/api/feedback", "", 4),
        ("POST", "/chat/project/action", "", 4),
        ("GET", "/chat/", "", 1),
        ("GET", "/reponse", "question=climat", 1),
        ("POST", "/api/ask", "", 0),
        ("GET", "/readyz", "", 0),
        ("GET", "/chat/assets/index.js", "", 0),
    ],
)
def test_every_route_that_computes_has_a_cost(method: str, path: str, query: str, cost: float) -> None:
    assert find_cost({"method": method, "path": path, "query_string": query.encode()}) == cost


def test_turns_go_to_whoever_had_least_lately_and_who_comes_back_soon_is_waited_for() -> None:
    clock = Clock()
    turns: Turns[int] = Turns(clock)
    for number in range(3):
        turns.add("greedy", number)
    assert turns.take() == ("greedy", 0)
    turns.had("greedy", 0.5)
    turns.add("other", 10)
    assert turns.take() == ("other", 10)
    turns.had("other", 0.01)
    assert turns.may_come_back(), "the next piece of an answer is on its way"
    turns.add("other", 11)
    assert not turns.may_come_back()
    assert [turns.take() for _ in range(3)] == [("other", 11), ("greedy", 1), ("greedy", 2)]
    clock.now += 100
    turns.add("greedy", 3)
    turns.add("other", 12)
    assert turns.take() == ("greedy", 3), "what was long ago is forgotten"


def test_one_who_asks_fifty_things_at_once_delays_another_by_one_of_them() -> None:
    async def ask(key: str, pieces: int, seconds: float) -> float:
        asker.set(Asker(key))
        start = time.perf_counter()
        for _ in range(pieces):
            await computing(time.sleep, seconds)
        return time.perf_counter() - start

    async def ask_all() -> float:
        await ask("warm", 1, 0)
        many = [asyncio.create_task(ask("greedy", 5, 0.02)) for _ in range(50)]
        await asyncio.sleep(0.2)
        waited = await asyncio.create_task(ask("other", 5, 0.001))
        for each in many:
            each.cancel()
        return waited

    assert asyncio.run(ask_all()) < 0.25, "one after the other, each of the five pieces would wait for fifty: 5 s"


def test_the_seconds_of_processor_are_charged_to_whoever_they_were_spent_for() -> None:
    charged: list[float] = []

    def work() -> int:
        return sum(range(1_000_000))

    def ask() -> int:
        asker.set(Asker("ana", charged.append))
        return compute(work)

    assert asyncio.run(asyncio.to_thread(ask)) == sum(range(1_000_000))
    assert len(charged) == 1
    assert charged[0] > 0


def test_a_piece_that_nobody_waits_for_any_more_is_not_done() -> None:
    done: list[int] = []

    async def leave() -> None:
        slow = asyncio.create_task(computing(time.sleep, 0.1))
        await asyncio.sleep(0.02)
        left = asyncio.create_task(computing(done.append, 1))
        await asyncio.sleep(0.02)
        left.cancel()
        await slow
        await computing(int)

    asyncio.run(leave())
    assert done == []


def test_nobody_takes_more_than_a_share_of_the_slots() -> None:
    slots = Slots(4, 2)
    with slots.take("ana") as first, slots.take("ana") as second, slots.take("ana") as third:
        assert (first, second, third) == (True, True, False)
        with slots.take("bea") as fourth, slots.take("bea") as fifth, slots.take("cleo") as sixth:
            assert (fourth, fifth, sixth) == (True, True, False)
    with slots.take("ana") as again:
        assert again
    assert not slots._taken


def test_a_page_has_a_burst_of_events_then_a_pace() -> None:
    clock = Clock()
    paces = Paces(clock)
    assert [paces.take("page") >= 0 for _ in range(100)] == [True] * 60 + [False] * 40
    clock.now += 10
    assert [paces.take("page") >= 0 for _ in range(20)] == [True] * 10 + [False] * 10
    assert paces.take("other") >= 0
    for _ in range(500):
        paces.take("page")
    assert paces.take("page") < -300, "no page does that"


@pytest.mark.parametrize(
    ("packet", "longest"),
    [
        ('2["client_message",{"message":', 128_000),
        ('2["window_message",{"assistant":"resume","turns":[', 128_000),
        ('2["window_message",{"a":[[],[],', 20_000),
        ('2["stop"]', 1_000),
        ('217["stop"]', 1_000),
        ('0{"sessionId":', 10_000),
        ('3["an answer to what was not asked"]', 0),
        ('2/other,["stop"]', 0),
        ("2[[[[[[[[", 0),
        ("51-[", 0),
        ("", 0),
    ],
)
def test_a_packet_is_as_long_as_a_page_sends_one_of_its_kind(packet: str, longest: int) -> None:
    assert _find_longest(packet, 128_000) == longest


def test_a_thousand_conversations_opened_used_a_little_and_left_leave_nothing(tmp_path: Path) -> None:
    script = Path(__file__).parent / "left_conversations.py"
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "chat")],
        check=False,
        capture_output=True,
        text=True,
        env=our_environment(),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["most_kept"] <= 30, "those of one visitor that may come back, and those being freed"
    assert told["longest_log"] <= 110
    assert told["open"] == told["sessions"] == told["sockets"] == told["messages"] == told["values"] == 0
    assert told["folders"] == 0
    assert told["grown_mb"] < 20


def test_a_model_that_keeps_everyone_waiting_leaves_places_for_the_sheets() -> None:
    from assistant.pipeline import Knowledge
    from assistant.serving.reception import Reception

    knowledge = Knowledge(index=None, encoder=None, model="slow", contact="")  # type: ignore[arg-type]
    reception = Reception(None, None, 8)  # type: ignore[arg-type]
    asker_before = asker.set(Asker("ana"))
    with reception._within_model(knowledge) as first, reception._within_model(knowledge) as second:
        assert (first.model, second.model) == ("slow", None), "nobody has all the places of the model"
        asker.set(Asker("bea"))
        with reception._within_model(knowledge) as third, reception._within_model(knowledge) as fourth:
            assert (third.model, fourth.model) == ("slow", None)
    asker.reset(asker_before)


def test_a_conversation_without_end_forgets_its_first_turns_and_keeps_their_numbers() -> None:
    given = Answer.model_construct(sheets=("1",), citations=())
    talk = Talk()
    for number in range(1300):
        talk = talk.ask(f"m{number}").after(f"question {number}", given)
    assert len(talk.messages) == 1000
    assert len(talk.turns) == 1300
    assert sum(bool(turn.query) for turn in talk.turns) == 201
    assert talk.again(5) is None
    again = talk.again(1250)
    assert again is not None
    assert again.question == "question 1250"
    edited = talk.ask("m1290")
    assert [turn.query for turn in edited.history][-1] == "question 1289"
